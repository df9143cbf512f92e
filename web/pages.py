"""Numbers of the market → the first page, and the page that says how it works and what is stored."""

from flask import Blueprint, render_template

from matcher.store import partners, postings
from web import saying
from web.db import transaction

pages = Blueprint("pages", __name__)

EXAMPLE = {
    "number": 2,
    "title": "Notes migration in Cork",
    "facts": ("Cork, Ireland, on site", "due 31 March 2027", "The poster pays you", "about €38,000"),
    "from": ("A firm of about 10 people in Ireland", "English", "answer by 20 December"),
    "text": "A food manufacturer with 400 people leaves Lotus Notes before its licence ends. Eleven Notes applications "
    "must survive, two of them with workflow. We do the network and the desktops; mail, calendars and applications "
    "are yours.",
    "why": "You moved 3,100 Notes mailboxes for a dairy group in 2024, applications included.",
}


@pages.get("/")
def home() -> str:
    """Say what this is, in ten seconds."""
    with transaction() as session:
        n_partners, n_countries = partners.n_live(session)
        n_open = postings.n_open(session)
    return render_template("home.html", n_partners=n_partners, n_countries=n_countries, n_open=n_open, example=EXAMPLE)


@pages.get("/how")
def how() -> str:
    """Say how it works, what it costs, what is stored, why and for how long."""
    return render_template("how.html", links=saying.links())
