"""A short reply such as "pause until 1 December" becomes the day of the next digest.

It has to ask for it: "I'm on holiday until Monday" alone is what a program writes for the absent, "I'm on holiday until
Monday, please pause" is a wish. Longer words, and those about anything else, are no pause.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from matcher.posting.date_words import DAYS, NUMBERS
from matcher.posting.dates import read_due

MOST_DAYS = 366
MOST_LENGTH = 120  # characters
MOST_WORDS = 6  # that name a day
PAUSE = (
    r"(?:(?:set|put|make) (?:it|me|us|them|(?:the |my |our )?(?:digests?|mails?)) on (?:pause|hold)|pause|snooze"
    r"|suspend|hold off|pausieren|pausiere|pausiert|mett(?:re|ez) en pause|suspend(?:re|ez)|faire une pause|pausar"
    r"|pausa|pausad|suspender|pauzeren|pauzeer|pauze|mett(?:ere|i|ete) in pausa|sospend(?:ere|i|ete)|paus|pausera"
    r"|wstrzymaj(?:cie)?|wstrzymać|pauza|zawieś|zawiesić|pauser|no digests?)"
)
WHAT = (
    r"(?:(?:the|my|our|these|your|die|meine|les|mes|los|mis|de|il|i|os|mina|moje)\s+)?(?:daily )?"
    r"(?:digests?|mails?|e-?mails?|letters?|everything|it|them|me|us)"
)
AWAY = (
    r"(?:(?:I(?: am|['’]m)|we(?: are|['’]re)|ich bin|wir sind|je suis|nous sommes|estoy|estamos|ik ben|we zijn|wij zijn"
    r"|sono|siamo|estou|jag är|vi är|jestem|jesteśmy)\s+)?(?:(?:on|im|in den|en|de|met|op|in|på|na)\s+)?"
    r"(?:(?:my |our |annual |parental )?(?:holidays?|vacation|leave)|away|Urlaub|Ferien|abwesend|weg|vacances|congés?"
    r"|absente?s?|vacaciones|vakantie|afwezig|ferie|vacanza|férias|semester|borta|urlopie|wakacjach)"
)
POLITE = r"(?:please|bitte|por favor|s['’]il (?:vous|te) plaît|svp|alstublieft|aub|per favore|tack|proszę|hi|hello)"
UNTIL = (
    r"(?:until|till|til|'til|through|up to|bis(?: zum)?|jusqu['’]?(?:au|à|en)?|hasta(?: el)?|tot(?: en met)?"
    r"|fino (?:al?|a)|até(?: a| ao)?|tills|till|do)"
)
SPAN = r"(?:for|für|pour|pendant|por|durante|voor|per|på|na|i)"
BEGINS = re.compile(
    rf"^\W*(?:{POLITE}[,\s]+)?(?:(?P<pause>{PAUSE})(?:\s+{WHAT})?|(?P<away>{AWAY}))\b(?P<rest>.*)$", re.I | re.S
)
# "I'm on holiday until Monday, please pause"; "pause until Monday, I'm on holiday"
THEN_PAUSE = re.compile(
    rf"(?:\s*[,.;:!–—]\s*|\s+-\s+|\s+)(?:(?:so|and|und|et|y|en|e|och|i)\s+)?(?:{POLITE}[,\s]+)?(?:{PAUSE})(?:\s+{WHAT})?"
    r"\b(?P<rest>.*)$",
    re.I | re.S,
)
REASON = re.compile(
    rf"(?:\s*[,.;:!–—]\s*|\s+-\s+|\s+(?=(?:because|as|since|weil|da|car|porque|omdat|perché|för att|bo)\s))"
    rf"(?:(?:because|as|since|weil|da|car|porque|omdat|perché|för att|bo)\s+)?{AWAY}"
    rf"(?:\s+{UNTIL}\s+[\w\s]{{1,20}})?\W*$",
    re.I,
)
ENDS = re.compile(
    rf"[\s,.!]*(?:(?<!\w)(?:{POLITE}|thanks?|thank you|danke|merci|gracias|bedankt|grazie|obrigad[oa]))?[\s.!]*$", re.I
)
BY_DAY = re.compile(rf"^[\s,:-]*{UNTIL}\s+(?P<day>.+)$", re.I | re.S)
BY_SPAN = re.compile(rf"^[\s,:-]*(?:{SPAN}\s+)?(?:the next\s+)?(?P<n>\d{{1,3}}|[^\W\d_]+)\s+(?P<unit>[^\W\d_]+)$", re.I)
BACK = re.compile(r"^[\s,;.]*(?:and |und )?(?:back|zurück) (?:on|from|am|ab) (?P<day>.+)$", re.I | re.S)
FURTHER_NOTICE = re.compile(
    r"further notice|I say so|auf weiteres|nouvel ordre|nuevo aviso|nader order|nuovo avviso|novo aviso|vidare"
    r"|odwołania",
    re.I,
)
GOES_ON = re.compile(r"[^\W\d][.!?;]\s+\S|\n\s*\S")
NEXT_WEEK = re.compile(
    r"^(?:next|nächste|kommende|volgende|la próxima|próxima|nästa)\s+(?:week|woche|semana|vecka)$", re.I
)
WEEKDAYS = (
    "monday mon montag lundi lunes maandag lunedì segunda segunda-feira måndag poniedziałku poniedziałek",
    "tuesday tue dienstag mardi martes dinsdag martedì terça terça-feira tisdag wtorku wtorek",
    "wednesday wed mittwoch mercredi miércoles woensdag mercoledì quarta quarta-feira onsdag środy środa",
    "thursday thu donnerstag jeudi jueves donderdag giovedì quinta quinta-feira torsdag czwartku czwartek",
    "friday fri freitag vendredi viernes vrijdag venerdì sexta sexta-feira fredag piątku piątek",
    "saturday sat samstag samedi sábado zaterdag sabato lördag soboty sobota",
    "sunday sun sonntag dimanche domingo zondag domenica söndag niedzieli niedziela",
)
WEEKDAY = {word: at for at, row in enumerate(WEEKDAYS) for word in row.split()}
MORE_DAYS = DAYS | {
    word: n
    for n, row in (
        (1, "giorni giorno dias dia dagar dag dni dzień"),
        (7, "week settimana settimane semanas vecka veckor tydzień tygodnie tygodni"),
        (30, "month months monat monate monaten mois mes meses maand maanden mese mesi mês månad månader miesiąc"),
    )
    for word in row.split()
}
MORE_NUMBERS = NUMBERS | {
    "due": 2, "tre": 3, "dois": 2, "duas": 2, "två": 2, "dwa": 2, "trzy": 3, "en": 1, "ett": 1, "um": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pause:
    """A wish for no digests: up to the day `back_on`, on which they may come again, or until further notice."""

    back_on: date | None = None
    unread: str = ""  # words for a day that could not be read


def read_pause(text: str, today: date) -> Pause | None:
    """Read a reply that wants no digests for a while; None where it is about something else, or says more than that."""
    said = ENDS.sub("", text.strip())
    found = BEGINS.match(said) if len(said) <= MOST_LENGTH else None
    if found is None:
        return None
    rest = REASON.sub("", found["rest"]).strip() if found["pause"] else _days_of_one_away(found["rest"])
    if rest is None or GOES_ON.search(rest):
        return None
    if not rest or FURTHER_NOTICE.search(rest):
        return Pause()
    return _until(rest, today)


def away_until(text: str, today: date) -> date | None:
    """Return the day on which somebody is back who says only that it is away: no wish, but the day to ask about."""
    said = ENDS.sub("", text.strip())
    found = BEGINS.match(said) if len(said) <= MOST_LENGTH else None
    told = _until(found["rest"].strip(), today) if found and found["away"] else None
    return told.back_on if told else None


def _until(rest: str, today: date) -> Pause | None:
    by_day, by_span = BY_DAY.match(rest) or BACK.match(rest), BY_SPAN.match(rest)
    if by_day:
        back_on = _day(by_day["day"], today)
    elif by_span and (by_span["n"].isdigit() or by_span["n"].casefold() in MORE_NUMBERS):
        back_on = _span(by_span["n"], by_span["unit"], today)
    else:
        return None
    return Pause(back_on) if back_on else Pause(unread=rest)


def _days_of_one_away(rest: str) -> str | None:
    """Return the words for a day of somebody who is away and asks for a pause; None where nothing is asked for."""
    asks = THEN_PAUSE.search(rest)
    return (asks["rest"].strip() or rest[: asks.start()].strip()) if asks else None


def _day(words: str, today: date) -> date | None:
    plain = words.strip(" .").casefold()
    weekday = WEEKDAY.get(re.sub(r"^(?:next|on|kommenden|nächsten|le|el|al|prochain)\s+", "", plain))
    if weekday is not None:
        return today + timedelta(days=(weekday - today.weekday()) % 7 or 7)
    if NEXT_WEEK.match(plain):
        return today + timedelta(days=7 - today.weekday())
    return read_due(f"until {words}", today).on if len(words.split()) <= MOST_WORDS else None


def _span(number: str, unit: str, today: date) -> date | None:
    n = int(number) if number.isdigit() else MORE_NUMBERS.get(number.casefold())
    days = MORE_DAYS.get(unit.casefold())
    return today + timedelta(days=n * days) if n and days else None
