"""What comes in and goes out by mail: messages as they were read, and what a contact is told."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a reply asks for.

    Verbs: yes no later ask refer choose none ok correct won lost stop extend close text.
    """

    verb: str
    number: int | None = None
    text: str = ""
    amount_eur: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What an inbound message means: acts, all of them safe, or `unclear`: what was not understood, as a sentence."""

    acts: tuple[Act, ...] = ()
    unclear: str = ""


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message that arrived, as far as it can be read without a database."""

    kind: str  # reply posting join unsubscribe bounce complaint auto loop unknown
    sender: str = ""  # bare address, lower case
    sender_name: str = ""
    recipients: tuple[str, ...] = ()
    mailbox: str = ""  # join, post, reply, u, b, help: the local part before any "+"
    token: str = ""
    subject: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    text: str = ""  # what the sender wrote
    removed: str = ""  # quotes and signature that were cut away
    attachments: tuple[str, ...] = ()  # names of the files that the sender attached, not of a signature's pictures
    failed: tuple[str, ...] = ()
    hard: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """An open opportunity that could be put before a contact today."""

    opportunity_id: int
    match_id: int | None  # None: of the reserve, whose reasons are still to be found
    partner_id: int
    contact_id: int
    score: float
    place: int


@dataclass(frozen=True, slots=True)
class Digest:
    """What one contact is told one day, best first."""

    contact_id: int
    offers: tuple[Offer, ...] = field(default=())
