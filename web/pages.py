"""Numbers of the market → the first page, and the page that says how it works and what is stored."""

from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, current_app, render_template

from matcher import wording
from matcher.store import partners, postings
from web import clock, saying
from web.db import transaction

pages = Blueprint("pages", __name__)

COUNTED = "counterpart.counted"
OLD_AFTER = timedelta(minutes=1)
MANY = 10_000  # counting so many takes longer than the rest of the page


def _example(today: date) -> dict[str, Any]:
    """Invent an offer as it could stand in a digest of today."""
    due, closes = today + timedelta(weeks=18), today + timedelta(weeks=4)
    return {
        "number": 2,
        "title": "Notes migration in Cork",
        "facts": ("Cork, Ireland, on site", f"due {wording.day(due)}", "The poster pays you", "about €38,000"),
        "from": ("A firm of about 10 people in Ireland", "English", f"answer by {closes.day} {closes:%B}"),
        "text": "A food manufacturer with 400 people leaves Lotus Notes before its licence ends. Eleven Notes "
        "applications must survive, two of them with workflow. We do the network and the desktops; mail, calendars "
        "and applications are yours.",
        "why": f"You moved 3,100 Notes mailboxes for a dairy group in {today.year - 2}, applications included.",
    }


@pages.get("/")
def home() -> str:
    """Say what this is, in ten seconds."""
    n_partners, n_countries, n_open = _numbers()
    example = _example(clock.now().date())
    return render_template("home.html", n_partners=n_partners, n_countries=n_countries, n_open=n_open, example=example)


def _numbers() -> tuple[int, int, int]:
    """Count partners, countries and open opportunities; where there are many, at most once a minute."""
    counted: tuple[datetime, tuple[int, int, int]] | None = current_app.extensions.get(COUNTED)
    if counted and clock.now() - counted[0] < OLD_AFTER:
        return counted[1]
    with transaction() as session:
        numbers = (*partners.n_live(session), postings.n_open(session))
    if numbers[0] >= MANY:
        current_app.extensions[COUNTED] = clock.now(), numbers
    return numbers


@pages.get("/how")
def how() -> str:
    """Say how it works, what it costs, what is stored, why and for how long."""
    return render_template("how.html", links=saying.links())
