"""The subject of a message to whether an automatic answer wrote it, in the words that mail programs use for theirs.

A subject counts when it is such a phrase alone, or begins with one that a colon, a dash, a bracket or a date follows;
or when it ends with one in brackets. "Automatic reply handling needed" is a person's.
"""

import re

from matcher.inbound.words import fold

# Written without accents: subjects lose them.
_LATIN = r"""
auto(?:mat(?:ic|ed|isch|ische[rs]?|ique|ica|iskt?|sk[ae]))?[- ]?(?:reply|respon(?:se|der?)|answer)
auto ?svar|auto ?vastaus|auto ?odpoved|auto ?odgovor|auto ?antwort|auto ?reponse|autoreply
out[- ]of[- ](?:the[- ])?office(?: auto ?reply| reply| message| notification| alert)?|ooo|ooto|oof
(?:on |annual |summer )?vacation(?: auto ?reply| reply| notice| notification| message| response)?
on (?:annual |parental )?leave
away from (?:the |my )?(?:office|desk|mail|e-?mail)|(?:i am |i'm |currently )?(?:away|absent|unavailable)
on holidays?
holiday (?:auto ?reply|notice|message)|absence (?:notice|notification)|no longer with .{2,40}|left the company
automatische (?:antwort|abwesenheits\w{0,12}|ruckantwort|nachricht|benachrichtigung|reactie|beantwoording)
automatische?s? antwoord|abwesenheit(?:s(?:notiz|meldung|nachricht|benachrichtigung|agent|assistent|info))?
(?:ich bin )?(?:derzeit |zur zeit |momentan )?(?:abwesend|nicht im (?:buro|haus)|ausser haus|im urlaub)
urlaubs?(?:notiz|meldung|vertretung)
reponse automatique|message (?:automatique|d'absence)|notification d'absence|absen(?:ce|t)(?: du bureau)?
en (?:conges?|vacances)
respuesta automatica|contestacion automatica|fuera de (?:la )?oficina|ausente(?: de la oficina)?|de vacaciones
mensaje automatico
risposta automatica|risponditore automatico|fuori (?:sede|ufficio)|assen(?:te|za)(?: dall'ufficio)?|in ferie
messaggio automatico
resposta automatica|ausencia temporaria|fora do escritorio|ausente do escritorio|de ferias|mensagem automatica
estou ausente
afwezig(?:heid)?(?:s?(?:melding|bericht|assistent))?|niet aanwezig|niet op kantoor|buiten kantoor|met vakantie
automatiskt? (?:svar|svars?meddelande|svarbesked|beskjed|besked)|franvaro(?:meddelande)?
fravar(?:s?melding|s?besked|ende)?|ikke (?:pa|til) kontoret|inte pa kontoret
(?:utenfor|borte fra) kontoret|ude af kontoret|pa semester|pa ferie
automaattinen vastaus|poissaolo(?:ilmoitus|viesti)?|poissa(?: toimistosta)?|lomalla|automaattivastaus
automatyczna odpowiedz|odpowiedz automatyczna|autoodpowiedz|poza biurem|nieobecnosc(?: w biurze)?
jestem nieobecn[ya]|na urlopie
automaticka odpoved|mimo kancelar|nepritomnost|automatic(?:ka|ke) odpovede?|automaticke odpovedi
otomatik (?:yanit|cevap)|ofis disinda(?:yim)?|ofis disi|automatikus valasz|hazon kivul|raspuns automat
automatski odgovor|samodejni odgovor
automatine(?: )?atsakymas|automatinis atsakymas|automatiska atbilde|automaatvastus|kontorist valjas
samobudna odpoved
tra loi tu dong|balasan otomatis|di luar kantor|jawapan automatik
""".replace("\n", "|").strip("|")  # fmt: skip
_OTHER = (
    "auto(?= ?:)|автоответ(?:чик)?|автоматический ответ|автоматична відповідь|автоматичен отговор|вне офиса|нет в офисе"
    "|в отпуске|отсутствие на рабочем месте|поза офісом|αυτόματη απάντηση|εκτός γραφείου"
    "|自动(?:回复|答复|回覆)|自動(?:回覆|回复|応答|返信|送信)|不在(?:通知|メッセージ|のお知らせ|連絡)|外出(?:通知|中)|休暇(?:中|のお知らせ)"
    "|不在办公室|外出自動回覆|휴가|자동 ?(?:회신|응답|답장|메일)|부재(?: ?중)?(?: ?알림)?"
    "|مجيب تلقائي|رد تلقائي|תשובה אוטומטית|מענה אוטומטי"
    "|ตอบกลับอัตโนมัติ|स्वचालित उत्तर"
)
_PHRASES = f"(?:{_LATIN}|{_OTHER})"
_WHEN = r"re|aw|sv|until|till|from|bis|vom|ab|jusqu|du|hasta|fino|ate|tot|t/m|til|do|od|\d"
_AFTER = rf"(?:\s*[:：!.,(\[\])】」』）*–—|/-]|\s*$|\s+(?:{_WHEN})\b)"
STARTS = re.compile(rf"^[\W_]{{0,5}}{_PHRASES}{_AFTER}")
ENDS = re.compile(rf"[(\[]\s*{_PHRASES}\s*[)\]]\s*$")
AWAY = re.compile(
    r"^\s*(?:i am |i'm |we are |currently )?(?:away|out of (?:the )?office|on (?:vacation|holiday|leave"
    r"|maternity leave))\s+"
    r"(?:(?:until|till|through)\b|\d|from (?:the )?(?:\d|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul"
    r"|aug|sep|oct|nov|dec))"
)
# Servers and services that ask a stranger to prove that there is a person.
CHALLENGE = re.compile(
    r"(?:sender|e-?mail|message) (?:verification|confirmation) (?:request|required)|requires? your (?:verification"
    r"|confirmation)"
    r"|(?:verify|confirm) (?:your|this) (?:e-?mail|message) to\b|spam ?arrest|^\[?boxbe\b|your (?:e-?mail"
    r"|message) .{0,60} is (?:awaiting|waiting for) "
    r"(?:approval|verification|confirmation)"
)


def sounds_away(subject: str) -> bool:
    """Tell an automatic answer by its subject."""
    said = " ".join(subject[:300].split())
    return any(
        pattern.search(each) for each in (fold(said), said.lower()) for pattern in (STARTS, ENDS, AWAY, CHALLENGE)
    )
