"""A forwarded mail inside a text → the text without the forward's own lines, and those lines."""

import re

_FROM = "from|von|de|van|da|di|fra|från|od|lähettäjä|expéditeur|remitente|mittente"
_WHEN = "sent|date|gesendet|datum|envoyé|verzonden|enviado|data|inviato|wysłano|skickat|sendt|fecha|date d'envoi"
_TO = "to|cc|bcc|an|à|a|aan|para|do|til|till|kopie|copie|reply-to|antwort an"
_ABOUT = "subject|betreff|objet|onderwerp|asunto|assunto|oggetto|temat|emne|ämne|aihe|priority|importance|attachments?"
HEADER = re.compile(
    rf"[*_ \t]*(?P<name>{_FROM}|{_WHEN}|{_TO}|{_ABOUT})[*_ \t]*:[*_ \t]*(?P<words>\S.*)?", re.IGNORECASE
)
SENDER = re.compile(rf"[*_ \t]*(?:{_FROM})[*_ \t]*:", re.IGNORECASE)
RULE = re.compile(r"[ \t]*[-_=*]{2,} ?[^\n-]{3,40}? ?[-_=*]{2,}[ \t]*")
BEGINS = re.compile(
    r"[ \t]*(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)"
    r"|début du message (?:réexpédié|transféré)|inicio del mensaje reenviado"
    r"|begin doorgestuurd bericht"
    r"|início da mensagem (?:reencaminhada|encaminhada)|inizio messaggio inoltrato"
    r"|forwarded message|weitergeleitete nachricht|message transféré|doorgestuurd bericht)"
    r"[ \t]*:?[ \t]*",
    re.IGNORECASE,
)
WITH_CONTACT = re.compile(rf"[ \t]*(?:{_FROM}|{_WHEN}|{_TO})[ \t]*:[^\n]*(?:@|\d{{4}})[^\n]*", re.IGNORECASE)
MIN_HEADERS = 2


def without_headers(text: str) -> tuple[str, str]:
    """Split a text into what people wrote and the header lines of the mails forwarded in it."""
    kept: list[str] = []
    taken: list[str] = []
    lines = text.split("\n")
    n = 0
    while n < len(lines):
        length = _block(lines, n)
        if length:
            taken += lines[n : n + length]
        elif WITH_CONTACT.fullmatch(lines[n]):
            taken.append(lines[n])
        elif not (RULE.fullmatch(lines[n]) or BEGINS.fullmatch(lines[n])):
            kept.append(lines[n])
        n += max(length, 1)
    return "\n".join(kept), "\n".join(taken)


def _block(lines: list[str], n: int) -> int:
    """Count the lines of a header block that opens at line n: two headers or more, one of them the sender."""
    end = n
    while end < len(lines) and HEADER.fullmatch(lines[end]):
        end += 1
    block = lines[n:end]
    return len(block) if len(block) >= MIN_HEADERS and any(SENDER.match(line) for line in block) else 0
