"""Two mailboxes in which one conversation is one thread, though neither holds a single id of the other's."""

from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from matcher.models import Letter
from tests import factories as make
from tests.exchange.conftest import Desk, Market
from tests.security import outgoing

ANNA, ALDER = "anna@quay.example", "anna@alder.example"
SUBJECT = "Re: A question about “Move 380 mailboxes”"


@dataclass(slots=True)
class Mailbox:
    """What one side received and sent, with the ids that a mail program files by."""

    desk: Desk
    address: str
    mails: list[EmailMessage] = field(default_factory=list)
    received: dict[int, bytes] = field(default_factory=dict)

    def fetch(self) -> None:
        for each in self.desk.letters(to=self.address):
            if each.id not in self.received:
                self.received[each.id] = outgoing.sent(each)
                self.mails.append(outgoing.read(self.received[each.id]))

    def reply(self, kind: str, text: str) -> None:
        """Answer the newest letter of a kind as a mail program does: with its id, and all ids before it."""
        letter = self.desk.letters(kind, to=self.address)[-1]
        answered = outgoing.read(outgoing.sent(letter))
        mail = message_from_bytes(make.mail(self.address, make.reply_address(letter), text), policy=policy.default)
        mail["In-Reply-To"] = answered["Message-ID"]
        mail["References"] = " ".join(filter(None, (answered["References"], answered["Message-ID"])))
        self.mails.append(mail)
        self.desk.arrives(mail.as_bytes(), make.reply_address(letter))

    def threads(self) -> list[set[str]]:
        """File mails together that name each other."""
        found: list[set[str]] = []
        for mail in self.mails:
            ids = {mail["Message-ID"], *(mail["References"] or "").split(), *(mail["In-Reply-To"] or "").split()}
            together = [each for each in found if each & ids]
            found = [each for each in found if not each & ids] + [ids.union(*together)]
        return found

    def own_ids(self) -> list[str]:
        return [each["Message-ID"] for each in self.mails if self.address in each["From"]]


@pytest.fixture
def both(market: Market) -> tuple[Mailbox, Mailbox]:
    """Let both sides talk: a question, its answer, a yes, a question back and its answer."""
    desk = market.desk
    partner, poster = Mailbox(desk, ANNA), Mailbox(desk, ALDER)
    make.digest(market.session, market.asked[0].contact, market.asked[0])
    talk = (
        (partner, "digest", "ask 1: is there a VPN?"),
        (poster, "question", "Yes, there is one."),
        (partner, "answered", "yes, two of us are free"),
        (poster, "interested", "ask 1: when can you start?"),
        (partner, "question", "On 11 January."),
    )
    for side, kind, text in talk:
        side.fetch()
        side.reply(kind, text)
    for side in (partner, poster):
        side.fetch()
    return partner, poster


def test_each_mailbox_holds_the_conversation_as_one_thread(both: tuple[Mailbox, Mailbox]) -> None:
    for side in both:
        assert len(side.threads()) == 1


def test_no_id_of_one_sides_mails_is_in_what_the_other_receives(both: tuple[Mailbox, Mailbox]) -> None:
    for side, other in (both, both[::-1]):
        assert len(other.own_ids()) >= 2
        received = b" ".join(side.received.values())
        for each in other.own_ids():
            assert each.strip("<>").encode() not in received
            assert each.partition("@")[2].strip(">").encode() not in received


def test_the_subject_stays_the_same_for_programs_that_file_by_it(both: tuple[Mailbox, Mailbox]) -> None:
    partner, poster = both
    talked = {"question", "answered"}
    assert subjects(partner, *talked) == {SUBJECT}
    assert subjects(poster, *talked) == {SUBJECT.removeprefix("Re: ")}
    answer = next(each for each in letters(poster) if each.key.startswith("answered:"))
    assert outgoing.read(poster.received[answer.id])["Subject"] == SUBJECT


def letters(side: Mailbox) -> list[Letter]:
    return side.desk.letters(to=side.address)


def subjects(side: Mailbox, *kinds: str) -> set[str]:
    return {outgoing.read(side.received[each.id])["Subject"] for each in letters(side) if each.kind in kinds}


def test_after_the_choice_both_get_one_letter_with_the_other_to_reply_to_and_the_call(market: Market) -> None:
    desk, row = market.desk, market.asked[0]
    desk.reply(make.digest(market.session, row.contact, row), "1 yes")
    desk.reply(desk.letters("interested")[0], "1")
    desk.reply(desk.letters("interested")[0], "1")
    met = {each.to_address: outgoing.read(outgoing.sent(each)) for each in desk.letters("introduction")}
    assert len(desk.letters("introduction")) == 2
    assert {to: mail["Reply-To"] for to, mail in met.items()} == {
        ANNA: f"Anna Alder <{ALDER}>", ALDER: f"Anna Quay <{ANNA}>",
    }  # fmt: skip
    for mail in met.values():
        assert [part.get_filename() for part in mail.iter_attachments()] == ["first-call.ics"]
        assert ANNA in str(mail)
        assert ALDER in str(mail)
