"""Two sides and what they write, for the tests of the relay."""

from matcher.posting.blind import find
from matcher.posting.given import is_also_word
from matcher.posting.public import is_public
from matcher.relay import Known, Passed, known_of, pass_on, plain

BOTH = known_of(
    addresses=["anna.berg@nordlicht-it.example", "will@blue-horizon.example", "j.quay@gmail.com"],
    firms=["Nordlicht IT GmbH", "Blue Horizon Consulting Ltd"],
    people=["Anna Berg", "Will Marsh", "Jörg Quay"],
    private=["Contoso Foods"],
    is_word=lambda word: is_public(word) or is_also_word(word),
)


def passed(text: str, known: Known = BOTH) -> Passed:
    """Pass a text on as a mail's words are."""
    seen = plain(text)
    parts, private = find(seen)
    return pass_on(parts.body or seen, known, private)
