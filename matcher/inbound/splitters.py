"""A line, or a few lines joined, to what mail programs mean by it: attribution, header block, rule, signature."""

import re
from functools import lru_cache
from itertools import takewhile

MONTHS_AND_DAYS = (
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa"
    r"|so|lun|mar|mer|jeu"
    r"|ven|sam|dim"
)
DATE = (
    r"(?:\d{1,4}\s?[-./]\s?\d{1,2}\s?[-./]\s?\d{1,4}|\d{1,2}:\d{2}|\d{1,2}h\d{2}|(?:19|20)\d\d|\d{1,2}-\w{3,9}\.?-\d{2,4}"
    r"|\d{4}年|\d{1,2}月\d{1,2}日)"
)
EMAIL = r"[\w.+=&'*-]+\s?@\s?[\w-]+(?:\.[\w-]+)*"
WROTE = (
    r"wrote|sent|writes|said|schrieb|hat (?:am|geschrieben)|a [ée]crit|[ée]crit|escribi[óo]|ha escrito"
    r"|escrib[ií]a|scritto"
    r"|ha scritto|scrisse|escreveu|schreef|geschreven|skrev|skriver|napisał\(?a?\)?|napisała|pisze"
    r"|napsal\(?a?\)?|nap[íi]sal\(?a?\)?"
    r"|kirjoitti|írta|yazd[ıi]|şunu yazdı|написал[аи]?|пишет|пише|написа|έγραψε|schreef op|het volgende|tulis|menulis"
    r"|đã viết|viết|a scris|je napisa[ol]a?|napisao|rašė|kirjutas|escriví|va escriure|写道|寫道|のメール|作成|כתב|كتب"
)
OPENER = (
    r"on|le|am|den|el|il|il giorno|em|no dia"
    r"|op|på|dne|dňa|w dniu|dnia|w|at|pe|în|în data|la|vào|pada|ngày|a|dana|o|στις|в|от|na|ב|في"
)
ENDS_WROTE = re.compile(rf"(?:{WROTE})\s*:?\s*[-–—_*>]*\s*:?\s*$", re.I)
WROTE_THEN_NAME = re.compile(rf"\b(?:{WROTE})\b.{{0,120}}[:：]\s*$", re.I)
OPENS = re.compile(rf"^[\s\-–—_*>]*(?:{OPENER})[\s,]", re.I)
HAS_DATE = re.compile(rf"{DATE}", re.I)
HAS_EMAIL = re.compile(EMAIL)
STARTS_DATE = re.compile(rf"^[\s*]*(?:\w{{2,12}}\.?,?\s+)?(?:{DATE}|\d{{1,2}}\.?\s+\w{{3,10}}\.?\s+\d{{4}})", re.I)
LONE_WROTE = re.compile(rf"^>\s*(?:{WROTE})\s*:\s*$", re.I)
DASHED_WROTE = re.compile(rf"^\s*-{{2,}}.{{1,200}}(?:{WROTE})\s*-{{2,}}\s*$", re.I)
SENT_WROTE = re.compile(rf"^.{{0,80}}<{EMAIL}>\s*(?:{WROTE})\s*:\s*$", re.I)
MID_LINE = re.compile(
    rf"^(?P<own>.*?\S)[\s-]*(?<![\w>])"
    rf"(?P<quote>On\s+(?:(?:{MONTHS_AND_DAYS})\w*[.,]?\s|\d{{1,4}}[-/. ]).{{5,200}}\swrote:\s*)$"
)

ORIGINAL = re.compile(
    r"^[\s>*]*[-_=]{2,}\s*(?:begin\s+)?(?:(?:original|reply|antwort|ursprüngliche|originale?|oorspronkelijk"
    r"|oorspronkelijke"
    r"|oprindelig|opprinnelig|ursprungligt?|alkuperäinen|wiadomość|mensaje|mensagem|messaggio|message|původní|pôvodná"
    r"|исходное|пересылаемое|orijinal|eredeti|изворна|izvirno|mesaj|ursprüngl\.?)"
    r"[\s\w.éàçíáãßåäöüðłęś’']{0,40})\s*[-_=]{2,}\s*$",
    re.I,
)
FORWARDED = re.compile(
    r"^[\s*]*(?:[-_=]{2,}\s*(?:forwarded|weitergeleitete|message transféré|mensaje reenviado|doorgestuurd"
    r"|vidarebefordrat"
    r"|videresendt|messaggio inoltrato|mensagem encaminhada|wiadomość przekazana|přeposlaná|пересылаемое|пересланное"
    r"|edelleenlähetetty|inoltrato|reenviado|転送|转发).{0,60}"
    r"|begin forwarded message\s*:|anfang der weitergeleiteten (?:nachricht|e-?mail)\s*:|début du message réexpédié\s*:"
    r"|inicio del mensaje reenviado\s*:|inizio messaggio inoltrato\s*:|begin doorgestuurd bericht\s*:)\s*$",
    re.I,
)
RULE = re.compile(r"^\s*(?:[-–—_=*]\s?){5,}\s*$")

HEADER_KEYS = {
    "from": "from|von|de|da|van|od|fra|från|от|от кого|отправитель"
    "|kimden|gönderen|feladó|lähettäjä|de la|saatja|nuo|từ|dari"
    "|发件人|寄件者|差出人|보낸 사람|expéditeur|remitente|afzender|avsändare|afsender|mittente"
    "|remetente|nadawca|odesílatel|από|מאת",
    "sent": "sent|sent at|date|gesendet|datum|envoyé|envoyé le|date d'envoi|enviado|enviada(?: em)?"
    "|enviado el|fecha|data|verzonden"
    "|skickat|sendt|dato|wysłano|odesláno|inviato|отправлено|дата|gönderildi|tarih|elküldve"
    "|dátum|lähetetty|päivämäärä|trimis|ngày"
    "|发送时间|日期|送信日時|보낸 날짜|ημερομηνία",
    "to": "to|an|à|a|para|aan|naar|til|till|do|komu|кому|kime|címzett|vastaanottaja|către"
    "|đến|kepada|收件人|宛先|받는 사람|cc|cci|bcc"
    "|kopie|kopia|копия|bilgi|másolatot kap|kopio|reply-to|antwort an|προς|destinataire|destinatario|destinatário",
    "subject": "subject|betreff|objet|asunto|oggetto|assunto|onderwerp|ämne|emne|temat|předmět|predmet|тема|konu"
    "|tárgy|aihe|subiect"
    "|chủ đề|subjek|主题|主旨|件名|제목|θέμα|sujet",
}
_KEYS = "|".join(f"(?P<{name}>{keys})" for name, keys in HEADER_KEYS.items())
HEADER_LINE = re.compile(rf"^[\s>*_]*(?:{_KEYS})[\s*_]*[:：]", re.I)

SIGNATURE = re.compile(r"^\s*(?:--|—|––|-- ?)\s*$")
FOOTER = re.compile(r"^\s*_{10,}\s*$")
DASH_NAME = re.compile(r"^-{1,2}\s?[A-Z][\w.'-]+(?: [A-Z][\w.'-]*){0,2}\s*$")
DEVICE = (
    r"(?:iphone|ipad|ipod|blackberry|android|samsung|galaxy|galxy|huawei|xiaomi|pixel|nokia|windows"
    r"|mail|outlook|proton\w*|htc|sony|handy|mobile?|smartphone|tablet)"
)
MOBILE = re.compile(
    rf"^\s*[<*_]*(?:sent (?:from|via|with|on) (?:my |a |an |the )?(?:[\w'®™.-]+ ){{0,4}}[\w'®™.-]+(?: \(?https?://\S+\)?"
    rf"| ?<\S+>| for windows \d+)?"
    rf"|(?:von meinem|gesendet (?:mit|von)|diese nachricht wurde von|von .{{0,20}}{DEVICE}).{{0,60}}"
    rf"|(?:envoyé (?:de|depuis|à partir)|enviado (?:desde|do|de|a partir)|inviato (?:da|dal)|verstuurd vanaf"
    rf"|verzonden (?:vanaf|met|via)"
    rf"|skickat från|sendt fra|wysłane? z|odesláno z|lähetetty|отправлено (?:с|из)|iphone'umdan|trimis de pe).{{0,60}}"
    rf"|(?:get|download|télécharger|obtenir|obtener|scarica|ottieni|hol(?:en)?) outlook (?:for|pour"
    rf"|para|per|für) \w+.{{0,60}}"
    rf"|outlook (?:für|voor|för) .{{0,60}}|(?:iphone|ipad|android).{{0,10}}から送信|(?:从|從)我的.{{0,20}}(?:发送|傳送)"
    rf"|yahoo mail:? .{{0,60}}|sent from {DEVICE}.{{0,60}})[>*_]*\s*$",
    re.I,
)


def is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">") and "<<<" not in line


def opens_dated(line: str) -> bool:
    return bool(STARTS_DATE.match(line) or OPENS.match(line) and HAS_DATE.search(line))


def is_attribution(joined: str, quote_follows: bool) -> bool:
    """Tell whether joined lines introduce a quote; weaker signs count only right above quoted lines."""
    if len(joined) > 400:
        return False
    if DASHED_WROTE.match(joined) or SENT_WROTE.match(joined):
        return True
    dated, named = bool(HAS_DATE.search(joined)), bool(HAS_EMAIL.search(joined))
    ends = bool(ENDS_WROTE.search(joined) or WROTE_THEN_NAME.search(joined))
    opens, starts = bool(OPENS.match(joined)), bool(STARTS_DATE.match(joined))
    if ends and (dated and (opens or starts or named) or named and opens):
        return True
    colon = joined.rstrip(" >*").endswith((":", "："))
    if dated and named and colon and (starts or opens):
        return True
    return quote_follows and (colon and (dated or named or ends) or dated and named)


@lru_cache(maxsize=4096)
def _header_kind(line: str) -> str:
    found = HEADER_LINE.match(line)
    return next((name for name in HEADER_KEYS if found[name]), "") if found else ""


def header_block(lines: list[str]) -> int:
    """Count the lines of a From/Sent/To/Subject block that opens here; 0 when none does."""
    kinds: set[str] = set()
    n_lines, blanks = 0, 0
    for n, line in enumerate(lines[:14], start=1):
        kind = _header_kind(line[:200])
        if kind:
            kinds.add(kind)
            n_lines, blanks = n, 0
        blanks += not line.strip()
        if n_lines == 0 or blanks > 1 or n - n_lines > 3:
            break
    named = bool(HAS_EMAIL.search(" ".join(line[:300] for line in lines[:n_lines])))
    enough = len(kinds) >= 3 or named and len(kinds) == 2 and kinds & {"from", "to"}
    return n_lines if enough and kinds & {"from", "sent"} else 0


def nonblank(lines: list[str]) -> int:
    """Count the lines before the first blank one."""
    return sum(1 for _ in takewhile(str.strip, lines))
