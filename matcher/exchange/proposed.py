"""What waits for a partner's "ok", as a letter or a cookie keeps it → a line for each person, badge and limit."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from matcher import wording
from matcher.posting.badges import level_of
from matcher.posting.bench import DAYS_A_MONTH
from matcher.terms import Competency

Row = dict[str, Any]  # as it stands in a letter: JSON


def lines_of(rows: Row, competencies: Mapping[str, Competency], *, today: date) -> list[str]:
    """Say what would hold, a line each."""
    limits_said = wording.work_size(*rows["limits"]) if rows["limits"] else ""
    return [
        *(_person_line(each, competencies, today) for each in rows["people"]),
        *(f"{name} is taken off your people." for name in rows["gone"]),
        *(_badge_line(each, competencies) for each in rows["badges"]),
        *(f"You no longer hold “{competencies[key].label}”." for key in rows["over"]),
        *([f"Size of work: {limits_said or 'any'}."] if rows["limits"] else []),
    ]


def _person_line(row: Row, competencies: Mapping[str, Competency], today: date) -> str:
    known, free = {**competencies}, _free(row, today)
    who = row["name"] or ("1 more person" if row["n"] == 1 else f"{row['n']} more people")
    can_do = ", ".join(wording.labels(row["keys"], known))
    where = "works on site too" if row["on_site"] else "works remotely"
    return f"{', '.join(each for each in (who, row['level']) if each)}: {can_do} · {free} · {where}"


def _free(row: Row, today: date) -> str:
    days = DAYS_A_MONTH if row["days"] is None and row["is_free"] else row["days"]
    if days is None:
        return "free: not said"
    on = date.fromisoformat(row["from"]) if row["from"] else today
    since = f"free from {wording.day(on)}" if on > today else "free now"
    return f"{since}, {days} days a month" if days else "not free at present"


def _badge_line(row: Row, competencies: Mapping[str, Competency]) -> str:
    one = competencies[row["key"]]
    until = date.fromisoformat(row["until"]) if row["until"] else None
    end = f"until {wording.day(until)}" if until else "for a year from today, as you named no end"
    return f"The {level_of(one)} “{one.label}”, {end}"
