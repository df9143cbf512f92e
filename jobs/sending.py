"""One claim's letters → written, signed and sent over one line; each is marked only after the server took it."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from smtplib import SMTPServerDisconnected

from jobs.claiming import Claim
from jobs.ground import Ground, log, now
from jobs.marking import Marks
from matcher.exchange import bouncing
from matcher.models import Letter
from matcher.store import letters, pacing
from matcher.store.late import PERHAPS
from web import metrics
from web.db import transaction
from web.dkim import Signer, signer_of
from web.greeting import ServerAway
from web.mail import compose, envelope_sender
from web.message import BadAddress, on_the_wire
from web.settings import Settings
from web.smtp import GOING_AWAY, Answer, Line, Parcel

RENEW_AFTER = letters.STALE_CLAIM / 4
# Written and not sent yet. With one only, several senders and a server on few processors wait for each other in turn.
AHEAD = 10
# Left to be written when the next ones are claimed: two commits take as long as so many letters, or twice that.
NEARLY_ALL = 50
CANNOT_BE_CARRIED = 553  # as a server would say it. Source: RFC 5321, 4.2.3
ABOUT_LETTER = (552, 555)  # answers to MAIL that are about this letter's size or address, and not about us
ABOUT_LINE = (GOING_AWAY, 503)  # answers to MAIL that a new line mends: enough for now; out of step
FULL = "4.2."  # an enhanced code that is about one mailbox. Source: RFC 3463, 3.3


def parcel_of(each: Letter, settings: Settings, signer: Signer | None) -> Parcel:
    """Write a letter, and sign it where there is a key."""
    at = now()
    message = compose(each, settings=settings, now=at).as_bytes()
    signed = signer.sign(message, at=at) if signer else message
    return Parcel(
        each.id, envelope_sender(each, settings=settings, today=at.date()), on_the_wire(each.to_address), signed
    )


class Round:
    """The letters of one claim on their way. What is in `left` is neither marked, refused nor put back."""

    def __init__(self, g: Ground, line: Line, claim: Claim, marks: Marks):
        self.g, self.line, self.marks, self.at, self.held_at = g, line, marks, claim.at, claim.at
        self.left = {each.id: each for each in claim.letters}
        self.when_nearly_written: Callable[[], object] = lambda: None
        self.body: Parcel | None = None  # sent, not answered yet
        self.offer: Parcel | None = None
        self.n_taken = 0
        self.signer = signer_of(g.settings)

    def send(self) -> int:
        """Send all; return how many the server took. They are marked, or soon will be, even when the line is lost.

        Asked to end, it begins no further letter and gives the claims of the others back.
        """
        self.line.open()
        self.line.when_quiet = self.marks.all
        self._send()
        if self.left:
            with transaction(self.g.engine) as session:
                letters.release(session, self.left, claimed_at=self.held_at)
        return self.n_taken

    def _send(self) -> None:
        parcels, ahead = self._parcels(), deque[Parcel]()
        self._go_on(None, next(parcels, None))
        while self.body or self.offer:
            self._write_ahead(parcels, ahead)
            if self.body:
                self._heard(self.body, self.line.verdict())
            invited = self._invited()
            self._go_on(invited, self._following(parcels, ahead))

    def _write_ahead(self, parcels: Iterator[Parcel], ahead: deque[Parcel]) -> None:
        """Write the next letter, and more for as long as the server is busy with what it got."""
        while len(ahead) < AHEAD and not (ahead and self.line.has_news):
            following = next(parcels, None)
            if following is None:
                return
            ahead.append(following)

    def _following(self, parcels: Iterator[Parcel], ahead: deque[Parcel]) -> Parcel | None:
        while not self.g.stopping.is_set() and (following := ahead.popleft() if ahead else next(parcels, None)):
            if following.letter_id in self.left:
                return following
        return None

    def _go_on(self, body: Parcel | None, offer: Parcel | None) -> None:
        self.body, self.offer = body, offer
        self.line.send_on(body, offer)

    def _invited(self) -> Parcel | None:
        offer, self.offer = self.offer, None
        if offer is None:
            return None
        self._keep_claims()
        if offer.letter_id not in self.left:
            self.line.withdraw()
            return None
        refusal = self.line.refusal(offer)
        if refusal is None:
            return offer
        self._refused(offer, refusal)
        return None

    def _heard(self, parcel: Parcel, verdict: Answer) -> None:
        self.body = None
        if not verdict.is_yes:
            self._refused(parcel, verdict)
            return
        letter = self.left.pop(parcel.letter_id, None)
        self.n_taken += 1
        if letter and letter.request:  # somebody waits for it; a night's digests fill no log
            log.info("letter taken", letter=letter.id, kind=letter.kind, request=letter.request)
        self.marks.took(parcel.letter_id)

    def _keep_claims(self) -> None:
        """Hold on to what is left; else another sender would take the claim for a dead one's and send it too."""
        if now() - self.held_at <= RENEW_AFTER:
            return
        self.marks.all()
        at = now()
        with transaction(self.g.engine) as session:
            ours = letters.renew(session, self.left, claimed_at=self.held_at, now=at)
        self.held_at = at
        self.left = {letter_id: each for letter_id, each in self.left.items() if letter_id in ours}

    def _parcels(self) -> Iterator[Parcel]:
        claimed = list(self.left.values())
        for n_left, each in zip(range(len(claimed), 0, -1), claimed, strict=True):
            if n_left == min(NEARLY_ALL, len(claimed)):
                self.when_nearly_written()
            self._keep_claims()
            if each.id in self.left and (parcel := self._written(each)):
                yield parcel

    def _written(self, each: Letter) -> Parcel | None:
        try:
            parcel = self.parcel(each)
        except BadAddress as error:
            self._fail(each.id, f"{CANNOT_BE_CARRIED} {error}")
            return None
        except Exception as error:  # noqa: BLE001 - one letter that cannot be written must not hold up the others
            said = f"{type(error).__name__}: {error}"
            log.exception("letter cannot be written", letter=each.id, error=said)
            self._put_back([each.id], f"cannot be written: {said}")
            return None
        if not self.line.carries(parcel):
            self._fail(each.id, f"{CANNOT_BE_CARRIED} {parcel.to}: our mail server takes ASCII addresses only")
            return None
        return parcel

    def parcel(self, each: Letter) -> Parcel:
        """Write and sign a letter."""
        return parcel_of(each, self.g.settings, self.signer)

    def _refused(self, parcel: Parcel, answer: Answer) -> None:
        """Give up what the server refuses for good (5xx); let the rest of that domain wait (4xx)."""
        about = self.left.get(parcel.letter_id)
        told = {"request": about.request} if about and about.request else {}
        log.warning("letter refused", letter=parcel.letter_id, step=answer.step, said=str(answer), **told)
        if answer.step == "MAIL" and answer.code in ABOUT_LINE:
            raise SMTPServerDisconnected(str(answer))
        if answer.step == "MAIL" and answer.code not in ABOUT_LETTER:
            raise ServerAway(f"MAIL_SERVER={self.g.settings.mail_server!r} takes nothing from us: {answer}")
        if answer.code >= 500:
            self._bounced(parcel.letter_id, answer)
            return
        until = self._put_back([parcel.letter_id], str(answer), after_letter=answer.step == "DATA")
        if until and not answer.words.startswith(FULL):
            self._hold(pacing.domain_of(parcel.to), until)
        if answer.code == GOING_AWAY:
            self.line.drop()

    def _fail(self, letter_id: int, said: str) -> None:
        self.left.pop(letter_id, None)
        metrics.LETTERS.labels("failed").inc()
        with transaction(self.g.engine) as session:
            letters.mark_failed(session, letter_id, said)

    def _bounced(self, letter_id: int, answer: Answer) -> None:
        self.left.pop(letter_id, None)
        metrics.LETTERS.labels("failed").inc()
        said, after_letter = str(answer), answer.step == "DATA"
        with transaction(self.g.engine) as session:
            if letters.mark_failed(session, letter_id, said):
                bouncing.returned(session, letter_id, hard=True, reason=said, now=now(), after_letter=after_letter)

    def _put_back(self, letter_ids: Sequence[int], error: str, *, after_letter: bool = False) -> datetime | None:
        for each in letter_ids:
            self.left.pop(each, None)
        metrics.LETTERS.labels("put off").inc(len(letter_ids))
        with transaction(self.g.engine) as session:
            tried = letters.put_back(session, letter_ids, claimed_at=self.held_at, error=error, now=now())
            for given_up in [letter_id for letter_id, until in tried.items() if until is None]:
                bouncing.returned(session, given_up, hard=False, reason=error, now=now(), after_letter=after_letter)
        return max((until for until in tried.values() if until), default=None)

    def _hold(self, domain: str, until: datetime) -> None:
        """Let a domain that puts mail off rest: its other letters wait as long, and no try is counted for them."""
        going = self.offer.letter_id if self.offer else None
        of_domain = [each for each in self.left.values() if pacing.domain_of(each.to_address) == domain]
        held = [each.id for each in of_domain if each.id != going]
        for each in held:
            del self.left[each]
        with transaction(self.g.engine) as session:
            letters.release(session, held, claimed_at=self.held_at)
            pacing.hold(session, domain, until=until)

    def give_back(self, error: str) -> None:
        """After the line was lost: only the letter that may have been taken waits, the others are due at once."""
        doubtful = [self.body.letter_id] if self.body else []
        self._put_back(doubtful, f"{PERHAPS}{error}")
        with transaction(self.g.engine) as session:
            letters.release(session, self.left, claimed_at=self.held_at)

    def give_up(self, error: str) -> None:
        """After the server turned out to take nothing: all wait."""
        self._put_back(list(self.left), error)
