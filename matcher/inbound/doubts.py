"""The words that take an answer back, hang it on a condition or leave it open, so that it must not be acted on."""

import re

from matcher.inbound import words

# "If you have any questions" is politeness, and so is "if possible".
_POLITE = (
    r"(?!\s*,?\s*(?:you (?:have|need|want|require|wish|would|could|can)|there (?:are|is)|any\b|anything|so\b|needed"
    r"|necessary|required|possible|ok\b|okay|of interest|noch\b|sie (?:noch |weitere )?(?:fragen|infos?)|es fragen"
    r"|moglich|notig|possible|necessaire|besoin|vous avez|nodig|mogelijk|u (?:nog )?vragen))"
)
CONDITION = re.compile(
    rf"\b(?:(?:if|wenn|falls|mits|purche|jesli|jezeli){_POLITE}|unless|provided|providing|as long as|so long as"
    r"|only when|when (?!can|do|does|is|are|will|would|shall|should|could)|assuming|depend(?:s|ing|ent)|subject to"
    r"|on (?:the )?condition|in case|in the event|once (?:we|you|they|the|it|she|he)\b|except|conditional(?:ly)?"
    r"|sofern|vorausgesetzt|unter der bedingung|abhangig|je nachdem|ausser|es sei denn"
    r"|a condition|a moins|pourvu|selon|sous reserve|en fonction|siempre que|a menos|con tal|salvo que|dependiendo"
    r"|tenzij|zolang|afhankelijk|op voorwaarde|a condizione|a meno|a patto|dipende"
    r"|desde que|a menos que|caso\b|contanto|dependendo|forutsatt|forutsatt|under forutsattning|beroende|savida"
    r"|om (?:det|vi|ni|du|kunden)\b|o ile|pod warunkiem|chyba ze|zalezy)\b"
)
# "si" and "se" are also "yes" and "oneself": a condition only after an answer in their own language.
SI = re.compile(r"\b(?:oui|non|interessee?s?|d'accord|volontiers)\b.*\bsi\b|\b(?:si|no|sim|nao)\b.*\b(?:si|se)\s+\w")
TAKEN_BACK = re.compile(
    rf"\b(?:{words.phrases('wrong')}|by mistake|mistake|mistyped|typo|ignore|forget (?:it|that)|scratch that"
    rf"|never ?mind|cancel that"
    r"|on second thoughts?|versehentlich|irrtum|vergiss|par erreur|oubliez|por error|per sbaglio|vergeet)\b"
)
HEDGE = re.compile(rf"\b(?:{words.phrases('hedge')})\b")
NEGATED = re.compile(
    r"\b(?:not|never|don't|dont|do not|didn't|cannot|can't|won't|nicht|kein\w*|ne|pas|niet|geen|inte|nie|nao|non"
    r"|without)\b"
    r"|\bno\b(?!\.?\s*\d)"
)
BARE_NEGATION = re.compile(
    r"^\W*(?:not|nicht|niet|inte|ej|pas)\b(?:\s+(?:the|die|das|den|la|le|el|de|het|number|nr\.?))*\s*\W?\d"
)
DOWNBEAT = re.compile(
    r"\b(?:unfortunately|sadly|sorry|problems?|issues?|about|regarding|concerning|re|help|instead|without|than"
    r"|leider|wegen|bezuglich"
    r"|malheureusement|concernant|desolee?|lamentablemente|sobre|helaas|betreft|over|purtroppo|riguardo"
    r"|infelizmente|tyvarr|niestety)\b"
)
QUESTION = re.compile(
    r"\?\s*$|^\W*(?:how|may i|can i|could i|should i|shall i|is it|wie|darf ich|puis-je|puedo|posso|mag ik)\b"
)


def is_conditional(text: str) -> bool:
    """Tell whether a text hangs an answer on something: "if it is remote", "sofern der Preis stimmt"."""
    said = words.fold(text)
    return bool(CONDITION.search(said) or SI.search(said))


def is_downbeat(clause: str) -> bool:
    """Tell a number among words that are no yes, as in "unfortunately 2" or "about 2"."""
    return bool(DOWNBEAT.search(words.fold(clause)))


def begins_with_condition(clause: str) -> bool:
    return bool(CONDITION.match(words.fold(clause).lstrip(" \t(-,;:.*")))


def is_bare_negation(clause: str) -> bool:
    """Tell "not 2", which says what somebody does not mean, from "no 2" and "not interested in 2", which decline."""
    return bool(BARE_NEGATION.match(words.fold(clause)))


def takes_back(text: str) -> bool:
    return bool(TAKEN_BACK.search(words.fold(text)))


def is_open(text: str) -> bool:
    """Tell whether a text leaves open whether something is to be done: a question, a negation or a "maybe"."""
    said = words.fold(text)
    return any(pattern.search(said) for pattern in (HEDGE, NEGATED, QUESTION)) or is_conditional(text)
