"""The words that mail programs put around a quoted letter, a forward or a signature, in the languages they speak."""


def _stems(words: str) -> tuple[str, ...]:
    return tuple(words.split("|"))


_LATIN_WROTE = (
    "wrote|sent|writes|said|replied|reply"
    "|schrieb|schrieben|hat geschrieben|hat am .{3,60} geschrieben|schreibt|écrit|a écrit|ecrit|a ecrit"
    "|écrivait"
    "|escribió|escribio|ha escrito|escribía|escribia|escribe|ha escrit|va escriure|escriví|escribiu"
    "|ha scritto|scrisse|scrive|escreveu|escreve|schreef|geschreven|schrijft|skryf|schreift|skreau"
    "|skrev|skriver|skreiv|skrifaði|skrivaði|napisał|napisała|napisał\\(a\\)|napisano|pisze"
    "|napsal|napsala|napisal|napisala|napsal\\(a\\)|napsáno|napísal|napísala|napísal\\(a\\)|píše"
    "|kirjoitti|kirjutas|írta|yazdı|yazdi|yazmış|yazıb|tarihinde şunu yazdı"
    "|menulis|tulis|đã viết|viết|a scris|scrie|rašė|rakstīja|sporoča"
    "|napisao|napisao/la|napisao\\(la\\)|napisao je|napisala je|piše|je pisao"
    "|shkroi|ka shkruar|skribis|ysgrifennodd|scríobh|idatzi du|idatzita"
)
_GREEK_AND_CYRILLIC_WROTE = (
    "έγραψε|γράφει|написал|написала|написал\\(а\\)|написав|написала|написали|пишет|пише|писал|писал\\(а\\)|писала"
    "|написа|напиша|напісаў|написао|написао/ла|жазған"
)
_RIGHT_TO_LEFT_WROTE = "כתב|כתבה|כתב/ה|כתבו|نوشت|نوشته است|نوشته بود|كتب|كتبت|كتب/ت|تمت كتابة ما يلي|يازدى"
WROTE = f"{_LATIN_WROTE}|{_GREEK_AND_CYRILLIC_WROTE}|{_RIGHT_TO_LEFT_WROTE}"
# Written without spaces around, so that no end of a word shows where they begin.
JOINED_WROTE = (
    "写道|寫道|写到|寫到|寫下|已寫入|写了|寫了|撰寫|編輯|жазды|のメール|さんは書きました|は書きました"
    "|さんが書きました|wrote"
    "|님이 작성|님이 쓴 글|님이 씀|이\\(가\\) 쓴 내용|작성|쓴 내용|เขียนว่า|เขียน|ने लिखा|लिहिले|লিখেছেন|எழுதியது"
)
# A person tells of these as often as a program does; they count with an address or a quote beside them.
LOOSE_WROTE = "sent|said|replied|reply|writes|scrie|scrive|escribe|escreve|viết|tulis|pisze|piše|пише|пишет"

OPENERS = (
    "on|at|in (?:message|article)|le|am|den|el|il giorno|il|em|no dia|a las|op|på|þann|tann|dne|dňa|w dniu"
    "|dnia|dana|datum"
    "|în data(?: de)?|în|in data(?: de)?|la data(?: de)?|la|lo|vào lúc|vào ngày|vào|ngày|lúc|pada tanggal|pada hari"
    "|pada|dalam|kuupäev|missatge de|më|ditën e|di|die|od|ve|na|ai|ar an|ar|je|pe"
    "|(?:o|a|à|u|v|w|в|у|а|ב)(?=\\s+\\S{0,12}\\s?\\d)|(?:a|à|o|u|v|w|в|у|а|ב)(?=\\s+\\S+, )"
    "|στις|την|την ημέρα|во|от|на|дана|בתאריך|ביום|في|بتاريخ|در تاریخ|در|在|於|于|ในวันที่|เมื่อ|วันที่"
)
LONG_OPENERS = "on|am|le|el|il giorno|em|op|den|på|dne|dňa|w dniu|dnia|în data|pada|vào|στις"
QUOTING = (
    "quoting|zitat von|zitiere|citando(?: a)?|citation de|en réponse à|citat|citat från|cytowanie|citerend|citerar"
    "|in (?:reply|response) to|lainaus|цитирование|цитирую"
)
WEEKDAYS_AND_MONTHS = (
    "mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mo|di|mi|do|fr|sa|so|mär|mai|okt|dez"
    "|lun|mer|jeu|ven|sam|dim|janv|févr|avr|juin|juil|août|déc|mié|jue|vie|sáb|dom|ene|abr|ago|dic|gen|mag|giu"
    "|lug|set"
    "|ott|seg|ter|qua|qui|sex|fev|out|ma|wo|vr|za|zo|mrt|mei|mån|tis|tors|fre|lör|sön|tir|ons|tor|lør|søn|pon"
    "|wt|śr|czw"
    "|pt|nie"
)

MONTHS = (
    "jan|feb|fev|févr|mar|mär|apr|avr|abr|may|mai|maj|mei|jun|jui|jul|aug|aoû|ago|sep|set|oct|okt|out|ott|nov"
    "|dec|dez|déc"
    "|dic|des|янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек"
)

HEADER_KEYS = {
    "from": "from|von|de|da|van|od|fra|från|frå|frá|de la|desde|des de|expéditeur|remitente|remetente|remitent"
    "|expeditor"
    "|afzender|avsändare|avsender|afsender|mittente|nadawca|odesílatel|odosielateľ|pošiljatelj|šalje|lähettäjä"
    "|feladó|kimden|gönderen|gönderici|saatja|kellelt|nuo|siuntėjas|no|từ|gửi từ|dari|daripada|pengirim|nga|van wie"
    "|от|от кого|отправитель|від|від кого|відправник|од|ад|подател|пошиљалац|από|αποστολέας|מאת|من|المرسل|از"
    "|keneltä|кімнен|发件人|寄件者|寄件人|發件人|差出人|送信者|発信者|보낸 사람|보낸사람|발신자?|จาก|ผู้ส่ง"
    "|प्रेषक|द्वारा",
    "sent": "sent|sent at|date|date sent|gesendet|gesendet am|datum|envoyé|envoyé le|date d'envoi|enviado|enviada"
    "|enviada em|enviado em|enviado el|enviat|fecha|fecha de envío|data|data de envio|data invio|inviato|verzonden"
    "|verzonden op|skickat|skickat den|sendt|dato|wysłano|wysłane|data wysłania|odesláno|odoslané|posláno|poslano"
    "|lähetetty|päivämäärä|päiväys|pvm|küldve|elküldve|dátum|küldés dátuma|gönderildi|gönderilme|gönderilme tarihi"
    "|gönderme tarihi|tarih|trimis|trimis la|dată|data trimiterii|ngày|đã gửi|ngày gửi|gửi lúc|dikirim|terkirim"
    "|tanggal|tarikh|dihantar|kuupäev|saadetud|saatmisaeg|nosūtīts|datums|išsiųsta|siųsta|dagsetning|dags|күні|datë"
    "|отправлено|дата|дата отправки|надіслано|відправлено|изпратено|послато|датум|στάλθηκε|εστάλη|ημερομηνία|נשלח"
    "|תאריך|التاريخ|تاريخ الإرسال|تم الإرسال|أرسلت|تاریخ|ارسال شده|发送时间|发送日期|寄件日期|傳送時間|傳送日期|时间"
    "|日期|送信日時|日時|日付|보낸 날짜|보낸날짜|날짜|보낸 시간|วันที่|ส่ง|ส่งเมื่อ|दिनांक|तारीख|भेजा गया",
    "to": "to|an|à|a|al|pour|kenelle|кімге|para|per|per a|aan|naar|til|till|do|komu|pro|za|kam|kime|alıcı"
    "|kepada|ke|untuk|címzett"
    "|vastaanottaja|saaja|către|catre|destinatar|pentru|đến|tới|người nhận|gavėjas|kam|për|prima|destinataires?"
    "|destinatario|destinatário|destinatari|ontvanger|modtager|mottaker|mottagare|empfänger|adresát|adressaat"
    "|кому|до|за|получатель|отримувач|προς|אל|إلى|الى|به|收件人|收件者|宛先|받는 사람|받는사람|수신자?|ถึง"
    "|ผู้รับ|प्रति",
    "subject": "subject|betreff|betr|objet|sujet|asunto|assunto|assumpte|oggetto|onderwerp|ämne|emne|efni|temat|tema"
    "|předmět|predmet|zadeva|naslov|aihe|tárgy|konu|subiect|subiectul|chủ đề|tiêu đề|subjek|subyek|perihal|judul"
    "|тақырыбы|teema|pealkiri|temats|tēma|тема|относно|предмет|наслов|θέμα|נושא|الموضوع|موضوع|主题|主旨|主題"
    "|標題|件名|제목"
    "|เรื่อง|หัวเรื่อง|विषय",
}
OTHER_HEADERS = (
    "cc|cci|cco|ccn|bcc|kopie|kopia|kopi|kopi til|kopio|kopiot|kópia|kopija|copie|copie à|copia|cópia|dw|udw"
    "|kp|in copia a"
    "|másolatot kap|másolat|bilgi|tembusan|đồng kính gửi|копия|копія|копие|копија|κοιν|κοινοποίηση|עותק|לידיעה"
    "|מכותב|afrit|көшірме|نسخة|抄送|副本"
    "|참조|สำเนา|reply-to|reply to|antwort an|répondre à|responder a|rispondi a|importance|wichtigkeit|priorität"
    "|priority|prioriteit|attachments?|anlagen?|anhang|anhänge|pièces? jointes?|bijlagen?|datos adjuntos|allegati"
    "|anexos|załączniki|přílohy|bilagor|liitteet|sensitivity|vertraulichkeit|mailed-by|signed-by|message-id|sender"
    "|resent-from|newsgroups|organization|list-id|on behalf of|im auftrag von"
)

ORIGINALS = _stems(
    "original|orginal|ursprünglich|ursprungl|oprindelig|opprinnel|opphavleg|alkuperäi|oorspronkelijk"
    "|orgineel|origine|initial|inițial"
    "|шығыс|pôvodn|původní|oryginaln|исходн|оригинал|оригінал|початков|ориг|первоначальн|eredeti|özgün"
    "|orijinal|orjinal|asıl|izvorn"
    "|izvirn|αρχικ|מקורי|أصلي|الأصلي|الأساسي|الاصلية|asli|asal|gốc|原始|原邮件|原郵件|原信|元の|オリジナル"
    "|원본|원래|algne|esialg"
    "|algupära|sākotnēj|originalus|pirminis|uppruna|wreiddiol|اصلی|ต้นฉบับ|เดิม|मूल|reply|answer|antwort"
    "|réponse|respuesta"
    "|risposta|resposta|svar|odpověď|odpowiedź|previous|vorherige"
)
MESSAGES = _stems(
    "message|nachricht|bericht|melding|meddel|mail|mensaje|mensagem|messaggio|missatge|mensaxe|wiadomość|zpráv"
    "|správ|viesti|brev|besked|сообщени|повідомленн|писмо|письмо|лист|хат|порук|порака|üzenet|levél|ileti"
    "|mesaj|poruk"
    "|sporočil|μήνυμα|הודעה|رسالة|الرسالة|پیام|pesan|mesej|thư|tin nhắn|邮件|郵件|信息|訊息|メッセージ"
    "|메시지|메일|kiri|sõnum"
    "|信件|texti|bréf|ziņojum|pranešim|post|laišk|vēstul|courriel|skilaboð|neges|ข้อความ|संदेश"
)
FORWARDS = _stems(
    "forwarded|fwd|weitergeleitet|transféré|réexpédié|reenviado|reencaminhad|encaminhad|doorgestuurd"
    "|vidarebefordra"
    "|videresend|vidaresend|inoltrat|przekazan|przekazyw|přeposlan|předan|preposlan|ďalej odoslan|poslanej ďalej"
    "|пересыла|пересланн|пересл|перенаправл|переадресо|препрат|прослеђ|prosleđ|proslijeđ|prosljeđ|edelleenläh"
    "|välitet|továbbít|yönlendiril|iletilen|înaintat|redirecți|redirectio|προωθημέν|מועברת|הועברה|ממררה"
    "|ممررة|معاد توجيه"
    "|ارجاع|転送|转发|轉寄|轉遞|전달|terusan|diteruskan|dimajukan|chuyển tiếp|edastatud|edasisuuna"
    "|pārsūtīt|persiųst"
    "|posredovan|reenviat|reenviada|reencamiñ|ส่งต่อ|अग्रेषित"
)
BEGINNINGS = _stems(
    "begin|start|beginn|anfang|début|inicio|início|inici|inizio|iniciando|początek|začátek|začiatok|начало"
    "|kezdete"
    "|awal|αρχή|başla|以下是|開始|begynd"
)

DEVICES = _stems(
    "iphon|ipad|ipod|android|blackberry|samsung|galaxy|galxy|huawei|xiaomi|redmi|oneplus|oppo|realme|pixel|nokia"
    "|motorola|sony|xperia|htc|windows|outlook|yahoo|gmail|proton|tutanota|aol|hotmail|airmail|sparrow|superhuman"
    "|polymail|newton|mailbird|thunderbird|em client|zoho|fastmail|canary|edison|acompli|boxer|k-9|yandex|orange"
    "|mail|gmx|web.de|verizon|t-mobile|at&t|mobil|phone|smartphone|cellular|handy|handset|handheld|tablet|telefon"
    "|téléphone|teléfono|telefone|telefoon|puhelim|celular|móvil|телефон|смартфон|мобильн|điện thoại|κινητό|携帯"
    "|手机|手機|휴대"
)
SENT_WITH = (
    r"sent (?:from|via|with|on|using|by|through|in)|(?:message )?composed (?:on|with|from)"
    r"|gesendet (?:von|mit|über|via|aus)|versendet (?:von|mit)|geschrieben (?:von|mit)"
    r"|von mein\w* (?=iphone|ipad|handy|smartphone|android|samsung|mobil|blackberry|windows)"
    r"|diese nachricht wurde|diese e-?mail wurde"
    r"|envoyé (?:de|depuis|à partir|avec|par|via)|enviado (?:desde|do|de|da|a partir|con|com|pelo|por|via)"
    r"|enviat (?:des|amb)|inviato (?:da|dal|dall|con|tramite)"
    r"|(?:verstuurd|verzonden) (?:vanaf|met|via|vanuit)|skickat från|skickades från"
    r"|sendt (?:fra|via|med)|wysłan[eoay] (?:z|ze|za pomocą|przez)|odesláno (?:z|ze)|odoslané (?:z|zo|pomocou)"
    r"|lähetetty|отправлено (?:с|со|из)|надіслано (?:з|із)|відправлено (?:з|із)|изпратено от|послато са"
    r"|poslano (?:s|sa|z|iz|putem)|trimis (?:de|din|prin|cu)|στάλθηκε (?:από|με)|εστάλη από"
    r"|נשלח|أ?ُ?رسلت? من|أرسل من|مرسل من|đã gửi từ|được gửi từ|gửi từ|dikirim dari|dihantar dari|saadetud"
    r"|išsiųsta|nosūtīts"
    r"|发自|發自|從我的|从我的|ส่งจาก"
)
DEVICE_THEN_SENT = (
    r"gönderildi|küldve|küldtem|から送信\w*|より送信|傳送|发送|보냄|보냈습니다|에서 보낸\w*|भेजा गया|saadetud"
    r"|isaatnud"
)
ABOVE_THIS_LINE = (
    r"\b(?:reply|respond|write|type|answer|antwort\w*|répon\w*|respond\w*|rispon\w*|reageer|responda)\b.{0,60}"
    r"\b(?:above|over|oberhalb|über|au-dessus|boven|encima|arriba|acima|sopra)\b"
)


def has(stems: tuple[str, ...], line: str) -> bool:
    """Tell whether one of the stems stands in the line, in capitals or not."""
    folded = line.lower().replace("\u0307", "")  # what is left of a Turkish capital
    return any(stem in folded for stem in stems)
