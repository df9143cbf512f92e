"""What tests of pages share: a visitor who presses buttons, and firms to visit as."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from matcher.models import Competency, Contact, Partner
from web.links import Links
from web.settings import Settings

NOW = datetime.now(UTC)
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(slots=True)
class Visitor:
    """Somebody with a browser: reads a page, then presses a button of it."""

    client: FlaskClient

    def read(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return answer.text

    def press(self, page: str, act: str = "", **fields: Any) -> TestResponse:
        """Read a page, then send a form of it (to the same page unless said otherwise)."""
        found = TOKEN.search(self.read(page))
        assert found, f"{page} has no form"
        return self.client.post(act or page, data={"csrf_token": found[1], **fields})


def links(settings: Settings) -> Links:
    """Make the links that letters of today have."""
    return Links(settings, NOW.date())


def path(link: str) -> str:
    """Cut a link down to what a test client asks for."""
    return link[link.index("/", len("https://")) :]


def firm(engine: Engine, name: str, email: str, **facts: Any) -> int:
    """Write down a firm with one contact; return the contact's id."""
    given = {"state": "live", "profile": f"{name} looks after networks.", "created_at": NOW, "changed_at": NOW, **facts}
    with Session(engine) as session, session.begin():
        row = Partner(key=name.lower().replace(" ", "-"), name=name, **given)
        row.contacts.append(Contact(email=email, name=f"Ana of {name}", verified_at=NOW))
        session.add(row)
        session.flush()
        return row.contacts[0].id


def practice(engine: Engine, key: str, label: str, *, synonyms: tuple[str, ...] = ()) -> None:
    """Write down one practice, so that words can be linked to it."""
    with Session(engine) as session, session.begin():
        session.add(Competency(key=key, kind="practice", label=label, definition=label, synonyms=list(synonyms)))


def sign_in(visitor: Visitor, contact_id: int, settings: Settings) -> None:
    visitor.press(path(links(settings).sign_in(contact_id)))


def profile(contact_id: int, settings: Settings) -> str:
    """Make the path at which a partner says ok to how its words were read."""
    return path(links(settings).profile(contact_id))


def the_firm(session: Session) -> Partner:
    """Read the only partner anew."""
    session.expire_all()
    return session.scalars(select(Partner)).one()


def plain(html: str) -> str:
    """Put a page on one line, so that its sentences can be looked for."""
    return " ".join(html.split())


def count(session: Session, table: type) -> int:
    session.expire_all()
    return session.query(table).count()
