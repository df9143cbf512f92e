"""Numbers of letters, contacts and introductions → every link and tokened address that the service gives out."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from urllib.parse import quote

from matcher.tokens import seal
from web.settings import Settings

REPLY_DAYS = 120  # also how long the offers of a letter can be answered by link
BOUNCE_DAYS = 30  # mail servers give up after five
PAGE_DAYS = 180
DRAFT_DAYS = 14
INTRODUCTION_DAYS = 730
UNSUBSCRIBE_DAYS = 3650
PROFILE_DAYS = 30
SIGN_IN_DAYS = 1
HELD_DAYS = 14
COLLEAGUE_DAYS = 60
STEWARD_DAYS = 1
SIDES = ("poster", "partner")
# One letter says the same addresses and the same subject in a dozen links.
_sealed = lru_cache(maxsize=64)(seal)


@dataclass(frozen=True, slots=True)
class Links:
    """Make links and addresses that are valid from `today` on."""

    settings: Settings
    today: date

    @property
    def home(self) -> str:
        return self.settings.base_url.rstrip("/")

    @property
    def own_page(self) -> str:
        """Link to a partner's own page, by way of its door; it names nobody, so it never ends."""
        return f"{self.home}/sign-in"

    def reply_address(self, letter_id: int) -> str:
        return self._address("reply", self._token("reply", letter_id, REPLY_DAYS))

    def unsubscribe_address(self, contact_id: int) -> str:
        return self._address("u", self._unsubscribe_token(contact_id))

    def bounce_address(self, letter_id: int) -> str:
        return self._address("b", self._token("bounce", letter_id, BOUNCE_DAYS))

    def post_address(self) -> str:
        return f"post@{self.settings.inbound_domain}"

    def help_address(self) -> str:
        return f"help@{self.settings.inbound_domain}"

    def reply_by_mail(self, letter_id: int, subject: str, *, body: str) -> str:
        """Make a mailto link that opens a reply with its words filled in."""
        words = f"subject={quoted('Re: ' + subject.removeprefix('Re: '))}&body={quoted(body)}"
        return f"mailto:{self.reply_address(letter_id)}?{words}"

    def offer(self, letter_id: int, number: int) -> str:
        """Link to one offer of a letter, where its reader says yes, no, later or asks."""
        return f"{self.home}/offer/{self._token('reply', letter_id, REPLY_DAYS)}/{number}"

    def opportunity(self, opportunity_id: int) -> str:
        """Link to the poster's page of an opportunity."""
        return f"{self.home}/opportunity/{self._token('page', opportunity_id, PAGE_DAYS)}"

    def draft(self, opportunity_id: int) -> str:
        """Link whoever filled in the form to the same page: it proves no address, so it opens and decides nothing."""
        return f"{self.home}/opportunity/{self._token('draft', opportunity_id, DRAFT_DAYS)}"

    def introduction(self, introduction_id: int, side: str) -> str:
        """Link to one side's page of an introduction; `side` is poster or partner."""
        token = self._token("introduction", pair_number(introduction_id, side), INTRODUCTION_DAYS)
        return f"{self.home}/introduction/{token}/{side}"

    def outcome(self, letter_id: int) -> str:
        """Link from a letter about an outcome to its reader's page of that introduction."""
        return f"{self.home}/outcome/{self._token('reply', letter_id, REPLY_DAYS)}"

    def digest(self, contact_id: int) -> str:
        """Link to a contact's choices: how often, at what hour, a pause, or no mail at all."""
        return f"{self.home}/digest/{self._unsubscribe_token(contact_id)}"

    def one_click_unsubscribe(self, contact_id: int) -> str:
        """Link that unsubscribes by a POST without a page. Source: RFC 8058."""
        return f"{self.home}/u/{self._unsubscribe_token(contact_id)}"

    def profile(self, contact_id: int) -> str:
        """Link to what was read about the contact's firm."""
        return f"{self.home}/profile/{self._token('profile', contact_id, PROFILE_DAYS)}"

    def sign_in(self, contact_id: int) -> str:
        return f"{self.home}/in/{self._token('sign-in', contact_id, SIGN_IN_DAYS)}"

    def steward(self, number: int) -> str:
        """Link that opens the steward's page; whoever can run a command on the machine can make one."""
        return f"{self.home}/steward/in/{self._token('steward', number, STEWARD_DAYS)}"

    def held(self, message_id: int) -> str:
        """Link where the owner of an address says whether a held message was theirs."""
        return f"{self.home}/held/{self._token('held', message_id, HELD_DAYS)}"

    def colleague(self, letter_id: int) -> str:
        """Link where the owner of a firm says whether somebody at its mail domain posts and reads for it."""
        return f"{self.home}/colleague/{self._token('colleague', letter_id, COLLEAGUE_DAYS)}"

    def _unsubscribe_token(self, contact_id: int) -> str:
        return self._token("unsubscribe", contact_id, UNSUBSCRIBE_DAYS)

    def _token(self, purpose: str, number: int, days: int) -> str:
        return _sealed(self.settings.secret_key, purpose, number, expires_on=self.today + timedelta(days=days))

    def _address(self, mailbox: str, token: str) -> str:
        return f"{mailbox}+{token}@{self.settings.inbound_domain}"


@lru_cache(maxsize=256)
def quoted(text: str) -> str:
    """Write a text as part of a link; the words that letters propose are few."""
    return quote(text, safe="")


def pair_number(introduction_id: int, side: str) -> int:
    """Number one side of an introduction, so that neither side's link opens the other's page."""
    return introduction_id * 2 + SIDES.index(side)


def side_of(number: int) -> tuple[int, str]:
    """Return the introduction and the side behind a pair number."""
    return number // 2, SIDES[number % 2]
