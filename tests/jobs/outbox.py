"""Letters that wait to be sent: written to addresses or to firms, and how they stand afterwards."""

from datetime import datetime

import pytest
from sqlalchemy import select

from jobs import claiming, deliver
from jobs.ground import Ground, now
from matcher.models import Bounce, Contact, Letter
from matcher.store import letters
from matcher.store.letters import Draft
from tests import factories as make
from web.db import transaction

FIRST = "anna@alder.example"


def write(g: Ground, *emails: str, kind: str = "sign-in", **values: object) -> None:
    """Write one letter to each of these addresses."""
    with transaction(g.engine) as session:
        for email in emails:
            known = session.scalar(select(Contact).where(Contact.email == email))
            to = known or make.firm(session, email.replace("@", "-"), email=email)
            letters.write(session, Draft(f"{kind}:{email}", kind, to, dict(values), [(1, to.id)]), at=now())


def write_to_firms(g: Ground, *names: str, kind: str = "sign-in", **values: object) -> None:
    """Write one letter to Anna of each of these firms."""
    write(g, *(f"anna@{each}.example" for each in names), kind=kind, **values)


def three(g: Ground) -> list[str]:
    """Write letters to three firms, the first of them to `FIRST`; return their addresses."""
    emails = [FIRST, "anna@birch.example", "anna@cedar.example"]
    write(g, *emails)
    return emails


def deliver_at(g: Ground, moment: datetime) -> int:
    """Send what is due at a moment as if it had come; return how many letters were sent."""
    with pytest.MonkeyPatch.context() as patched:
        for module in (claiming, deliver):
            patched.setattr(module, "now", lambda: moment)
        return deliver.deliver_all(g)


def tries(g: Ground) -> dict[str, tuple[str, int]]:
    """Map each receiver to the state of its letter and how often it was tried."""
    with transaction(g.engine) as session:
        return {each.to_address: (each.state, each.n_tries) for each in session.scalars(select(Letter))}


def states(g: Ground) -> dict[str, tuple[str, str]]:
    """Map each receiver's domain to the state of its letter and what went wrong."""
    with transaction(g.engine) as session:
        return {each.to_address.split("@")[1]: (each.state, each.error) for each in session.scalars(select(Letter))}


def errors(g: Ground) -> set[str]:
    with transaction(g.engine) as session:
        return set(session.scalars(select(Letter.error)))


def bounced(g: Ground) -> list[tuple[str, bool]]:
    """List the addresses at which a letter came back, and whether for good."""
    with transaction(g.engine) as session:
        return [(each.email, each.hard) for each in session.scalars(select(Bounce).order_by(Bounce.id))]
