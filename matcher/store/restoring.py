"""A database that was restored from a back-up → new rows get numbers that no link, address or cookie has yet."""

from sqlalchemy import text
from sqlalchemy.orm import Session

# What the tokens of links and addresses, and the cookie of a sign-in, number.
NAMED = ("letter", "contact", "opportunity", "introduction", "inbound_message")
ROOM = 100_000_000  # more than is written in a year; tokens hold 2^40, twice that for an introduction
SKIP = text("""
    SELECT setval(counter, nextval(counter) + :room)
    FROM CAST(pg_get_serial_sequence(:table, 'id') AS regclass) AS counter
""")


def skip_numbers(session: Session) -> None:
    """Leave out the numbers that were given after the back-up was taken: their links are in people's mailboxes."""
    for table in NAMED:
        session.execute(SKIP, {"table": table, "room": ROOM})
