"""A poster → what its postings must not give away of its own firm."""

from sqlalchemy.orm import Session

from matcher.models import Contact
from matcher.posting import Own
from matcher.store import network, partners


def own_of(session: Session, poster: Contact) -> Own:
    """Gather the names of a poster's firm and of its people."""
    firm = poster.partner
    people = [*(each.name for each in firm.contacts), *(each.name for each in network.people_of(session, firm.id))]
    return Own(firm.name, tuple(each for each in people if each), partners.as_told(firm).name)
