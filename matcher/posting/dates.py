"""A text becomes the day by which the work is due, and the words that said so."""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from matcher.posting.date_cues import BY, HAPPENED, NOT_DUE, START
from matcher.posting.date_words import DAYS, FIRST_OF_MONTH, MONTH_OF, NUMBERS, SHORT

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTH = rf"(?P<month>{'|'.join(sorted((re.escape(name) for name in MONTH_OF), key=len, reverse=True))})\b\.?"
YEAR = r"(?:(?:,?[ ]+(?:of |de )?|[/-])(?P<year>20\d\d))?(?!\d)"
PART = (
    r"(?P<part>mid(?:dle)?|mitte|mi|mediados|half|end|ende|eind|fin|finales|late|beginning|start|anfang|early"
    r"|début|principios|begin|fim|final|meados|início|inicio|fine|metà|inizio|końca?|połowy|początku"
    r"|koniec|końcem|połowie|początek|początkiem|kon(?:ce|cem|ec)|polovin(?:y|ě|ou)|začát(?:ku|kem|ek)"
    r"|slut(?:et|ten|ningen)|ut(?:gangen|gången)|udgangen|ultimo|mi[td]ten|medio|början|begyn(?:d|n)elsen|starten"
    r"|first half|second half|(?:first|second|third|last) week)"
)
BEGINNING = ("beg", "bör", "start", "anf", "early", "d", "pri", "iní", "ini", "pocz", "zač")
MIDDLE = ("mi", "med", "mea", "met", "poł", "pol")
BARE_MONTH = re.compile(rf"\b(?=[A-ZÀ-Þ]){MONTH}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Due:
    """A date as somebody put it; `on` is None where the words fix no day."""

    text: str = ""
    on: date | None = None


Reader = Callable[[re.Match[str], date], date | None]


def find_due(text: str, today: date) -> Due:
    """Find the day by which work is due; deadlines go before starts, days that are past do not count."""
    found = [one for one in _candidates(text, today) if one[2].on is None or one[2].on >= today]
    return min(found, key=lambda one: one[:2])[2] if found else Due()


def read_due(words: str, today: date) -> Due:
    """Read what somebody wrote when asked by when; the words are kept, and of several days the last counts."""
    found = [(rank, due.on) for rank, _, due in _candidates(words, today) if due.on and due.on >= today]
    first_rank = min((rank for rank, _ in found), default=0)
    if not found and BARE_MONTH.search(words) and not is_past(words, today):
        return Due(words.strip(), find_due(BARE_MONTH.sub(r"in \g<0>", words, count=1), today).on)
    return Due(words.strip(), max((day for rank, day in found if rank == first_rank), default=None))


def is_past(words: str, today: date) -> bool:
    """Say whether the words name only days before today."""
    days = [due.on for _, _, due in _candidates(words, today) if due.on]
    return bool(days) and max(days) < today


def _candidates(text: str, today: date) -> Iterator[tuple[int, int, Due]]:
    taken: list[tuple[int, int]] = []
    for pattern, read in READERS:
        for found in pattern.finditer(text):
            if any(start < found.end() and found.start() < end for start, end in taken):
                continue
            taken.append(found.span())
            day = _read(read, found, today)
            if day is None and read is not _no_day:
                continue
            before = text[max(0, found.start() - 40) : found.start()]
            if not NOT_DUE.search(before) and not HAPPENED.match(text[found.end() :]):
                yield _rank(before, day), found.start(), Due(found.group().strip(" .,"), day)


def _rank(before: str, day: date | None) -> int:
    if day is None:
        return 3
    return 0 if BY.search(before) else 2 if START.search(before) else 1


def _read(read: Reader, found: re.Match[str], today: date) -> date | None:
    """A day that no calendar has, such as 31 April, is no day."""
    try:
        return read(found, today)
    except (ValueError, OverflowError):
        return None


def _iso(found: re.Match[str], today: date) -> date | None:
    return date(int(found["year"]), int(found["month"]), int(found["day"]))


def _numeric(found: re.Match[str], today: date) -> date | None:
    """Day first, as in Europe, unless only the other order makes a date."""
    day, month, year = int(found[1]), int(found[2]), int(found[3])
    year += 2000 if year < 100 else 0
    return date(year, month, day) if month <= 12 else date(year, day, month)


def _short_numeric(found: re.Match[str], today: date) -> date | None:
    return _next(int(found[2]), int(found[1]), today)


def _day_and_month(found: re.Match[str], today: date) -> date | None:
    month, day, year = MONTH_OF[found["month"].casefold()], int(found["day"]), int(found["year"] or 0)
    return date(year + 2000 if year < 100 else year, month, day) if year else _next(month, day, today)


def _part_of_month(found: re.Match[str], today: date) -> date | None:
    month, part = MONTH_OF[found["month"].casefold()], found["part"].casefold()
    if found["year"]:
        year = int(found["year"])
        return date(year, month, _day_of(part, calendar.monthrange(year, month)[1]))
    return _next(month, _day_of(part, calendar.monthrange(_year_of(month, today), month)[1]), today)


def _day_of(part: str, last: int) -> int:
    if part.endswith("week"):
        return {"f": 7, "s": 14, "t": 21}.get(part[0], last)
    if part.startswith((*MIDDLE, "half", "first half")):
        return 15
    return 10 if part.startswith(BEGINNING) else last


def _month(found: re.Match[str], today: date) -> date | None:
    name = found["month"]
    if not name[0].isupper() and name.casefold() in SHORT | {"march", "august"}:
        return None
    month = MONTH_OF[name.casefold()]
    year = int(found["year"]) if found["year"] else _year_of(month, today)
    day = 1 if found["cue"].casefold() in FIRST_OF_MONTH else calendar.monthrange(year, month)[1]
    return date(year, month, day) if found["year"] else _next(month, day, today)


def _quarter(found: re.Match[str], today: date) -> date | None:
    month = int(found["quarter"]) * 3
    year = int(found["year"]) if found["year"] else _year_of(month, today)
    return date(year, month, calendar.monthrange(year, month)[1])


def _part_of_year(found: re.Match[str], today: date) -> date | None:
    year, part = int(found["year"]), found["part"].casefold()
    if part.startswith(BEGINNING):
        return date(year, 2, 28)
    return date(year, 6, 30) if part.startswith((*MIDDLE, "half", "first")) else date(year, 12, 31)


def _in_some_time(found: re.Match[str], today: date) -> date | None:
    word = found["number"].casefold()
    number, unit = int(word) if word.isdigit() else NUMBERS[word], found["unit"].casefold()
    return today + timedelta(days=number * DAYS[unit]) if unit in DAYS else _months_on(today, number)


def _next_span(found: re.Match[str], today: date) -> date | None:
    unit = found["span"].casefold()
    if unit in ("week", "woche", "semaine", "semana"):
        return today + timedelta(days=11 - today.weekday())
    later = _months_on(today, 3 if unit in ("quarter", "quartal", "trimestre", "kwartaal") else 1)
    return later.replace(day=calendar.monthrange(later.year, later.month)[1])


def _this_span(found: re.Match[str], today: date) -> date | None:
    if found["span"].casefold() in ("week", "woche"):
        return today + timedelta(days=max(0, 4 - today.weekday()))
    return today.replace(day=calendar.monthrange(today.year, today.month)[1])


def _weekday(found: re.Match[str], today: date) -> date | None:
    ahead = (WEEKDAYS.index(found["weekday"].casefold()) - today.weekday()) % 7 or 7
    return today + timedelta(days=ahead)


def _calendar_week(found: re.Match[str], today: date) -> date | None:
    week = int(found["week"])
    year = int(found["year"]) if found["year"] else today.year
    friday = date.fromisocalendar(year, week, 5)
    return friday if found["year"] or friday >= today else date.fromisocalendar(year + 1, week, 5)


def _year_end(found: re.Match[str], today: date) -> date | None:
    return date(today.year, 12, 31)


def _christmas(found: re.Match[str], today: date) -> date | None:
    return _next(12, 24, today)


def _easter(found: re.Match[str], today: date) -> date | None:
    """The Thursday before Easter Sunday. Source: Meeus, Astronomical Algorithms, chapter 8."""
    this_year = _easter_sunday(today.year) - timedelta(days=3)
    return this_year if this_year >= today else _easter_sunday(today.year + 1) - timedelta(days=3)


def _easter_sunday(year: int) -> date:
    golden, (century, rest) = year % 19, divmod(year, 100)
    leap, correction = century // 4, (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - leap - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def _tomorrow(found: re.Match[str], today: date) -> date | None:
    return today + timedelta(days=1)


def _no_day(found: re.Match[str], today: date) -> date | None:
    return None


def _next(month: int, day: int, today: date) -> date:
    return date(today.year if (month, day) >= (today.month, today.day) else today.year + 1, month, day)


def _year_of(month: int, today: date) -> int:
    return today.year if month >= today.month else today.year + 1


def _months_on(day: date, n_months: int) -> date:
    months = day.year * 12 + day.month - 1 + n_months
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


NUMBER = rf"(?P<number>\d{{1,3}}|{'|'.join(NUMBERS)})"
UNIT = rf"(?P<unit>{'|'.join(DAYS)}|months?|monaten?|mois|mes(?:es)?|maanden?)"
READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (_pattern(r"(?<![\d./-])(?P<year>20\d\d)(?P<sign>[/-])(?P<month>\d\d)(?P=sign)(?P<day>\d\d)(?!\d)"), _iso),
    (_pattern(r"(?<![\d./-])(\d{1,2})[./-] ?(\d{1,2})[./-] ?(20\d\d|\d\d)(?!\d|\.\d)"), _numeric),
    (_pattern(rf"(?<![\d.])(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?[ ]+(?:of |de )?{MONTH}{YEAR}"), _day_and_month),
    (_pattern(rf"\b{MONTH}[ ]+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d%]){YEAR}"), _day_and_month),
    # "15-Dec", "15/Dec/27", "Dec-15"; "Dec 7-Jan 5" was read above
    (_pattern(
        rf"(?<![\w./-])(?P<day>\d{{1,2}})(?P<sign>[/-]){MONTH}(?:(?P=sign)(?P<year>20\d\d|\d\d))?(?!\w)"
        ), _day_and_month),
    (_pattern(
        rf"\b{MONTH}(?P<sign>[/-])(?P<day>\d{{1,2}})(?:(?P=sign)(?P<year>20\d\d))?(?![\w%])"), _day_and_month),
    (_pattern(
        rf"\b{PART}(?:[- ]+|[ ]+(?:of|de|d'|von|van|des|di|a[fv])[ ]?|d')(?:the )?{MONTH}{YEAR}"), _part_of_month),
    (_pattern(
        r"\b(?:end of |ende |by )?(?:Q|quarter "
        r"|[TK](?=[1-4] 20))(?P<quarter>[1-4])(?:[ /]*(?P<year>20\d\d))?(?!\d)"), _quarter),
    (_pattern(rf"\b{PART}[ ]+(?:of |de )?(?P<year>20\d\d)\b"), _part_of_year),
    (_pattern(
        rf"\b(?P<cue>in|by|before|until|during|for|from|start|starting|im|bis|ab|en|avant|antes de|voor|para|pour"
        rf"|até|em|do|entro|a partir de|da|från|fra|od|till?|före|innan|senast|senest|inden|innen|før|przed|před"
        rf"|(?-i:[iwv]|ve)|deadline:?|due:?)[ ]+{MONTH}{YEAR}"), _month),
    (_pattern(rf"\b(?P<cue>){MONTH}(?:[ ]+|[/-])(?P<year>20\d\d)\b"), _month),
    (_pattern(
        rf"\b(?:in|within|innerhalb von|binnen|dans|sous|en|over|the next"
        rf"|in den nächsten)[ ]+(?:the next )?{NUMBER}[ ]+{UNIT}\b"), _in_some_time),
    (_pattern(
        r"\b(?:next|nächsten?|kommende[nr]?|volgende|próxim[oa])[ ]+(?P<span>week|month|quarter|woche|monat"
        r"|quartal|maand|kwartaal|mes|semana|trimestre)\b"), _next_span),
    (_pattern(r"\b(?:(?:le )?(?P<span>mois|semaine) prochaine?)\b"), _next_span),
    (_pattern(r"\b(?:this|diese[nr]?)[ ]+(?P<span>week|month|woche|monat)\b"), _this_span),
    (_pattern(rf"\b(?:by|until|before|next|on|due)[ ]+(?P<weekday>{'|'.join(WEEKDAYS)})\b"), _weekday),
    (_pattern(r"\b(?:KW|CW|calendar week)[ ]?(?P<week>\d{1,2})(?:[ /]+(?P<year>20\d\d))?\b"), _calendar_week),
    (_pattern(
        r"\b(?:end of (?:the |this )?year|year[- ]end|jahresende|fin de l'année|fin d'année|fin de año"
        r"|eind(?:e)? (?:van het )?jaar|this year)\b"), _year_end),
    (_pattern(
        r"\b(?:before|by|vor|avant|antes de|voor|bis|prima di|antes do|innan|før|inden|przed) "
        r"(?:christmas|x-?mas|weihnachten|noël|navidad|kerst|natale|natal|jul|świętami)\b"), _christmas),
    (_pattern(
        r"\b(?:before|by|vor|avant|antes de|voor|bis|at|until) (?:easter|ostern|pâques|semana santa|pasen)\b"
        ), _easter),
    (_pattern(r"\b(?:by )?tomorrow\b"), _tomorrow),
    (_pattern(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(?!\d)"), _short_numeric),
    (
        _pattern(
            r"\b(?:asap|as soon as possible|immediately|right away|straight away|urgent(?:ly)?|sofort"
            r"|schnellstmöglich|so bald wie möglich|ab sofort|dès que possible|au plus vite"
            r"|lo antes posible|cuanto antes|zo snel mogelijk|per direct|no (?:hurry|rush|deadline)|not urgent"
            r"|flexible (?:dates|start|timing)|open[- ]ended|any ?time|whenever)\b"
        ),
        _no_day,
    ),
)  # fmt: skip
