"""Who is known here cannot be felt out by typing an address into the form."""

import re

from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from matcher.models import Opportunity
from tests.web.filling import send
from tests.web.market import GOOD
from tests.web.visiting import firm, links, plain, practice
from web.settings import Settings

TEXT = "Quay Nets has won a landing zone, and the move of 380 mailboxes. Ask Zebedee."


def drafted(client: FlaskClient, email: str) -> str:
    """Post in somebody's name and return what the page then says, without what is random in it."""
    shown = client.get(send(client, "/post", "/post", **{**GOOD, "text": TEXT, "email": email}).location).text
    return re.sub(r"/opportunity/\w+|value=\"[\w.-]{40,}\"", "", plain(shown))


def test_the_page_behind_the_form_is_the_same_for_a_partner_and_for_nobody(
    client: FlaskClient, engine: Engine, session: Session, settings: Settings
) -> None:
    for key, label in (("azure", "Landing zone"), ("mail", "Mailboxes")):
        practice(engine, key, label, synonyms=(label,))
    firm(engine, "Quay Nets", "a.b@gmail.com", practices=["azure"])
    known, unknown = drafted(client, "a.b@gmail.com"), drafted(client, "a.c@gmail.com")
    assert known == unknown
    assert "Landing zone" in known
    ours = session.query(Opportunity).order_by(Opportunity.id).first()
    assert ours
    owners = client.get(links(settings).opportunity(ours.id)).text
    assert "Not looked for, as your firm does it itself: Landing zone." in plain(owners)
    assert "Quay Nets has won" not in owners
