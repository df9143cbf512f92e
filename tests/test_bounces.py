"""How an address stands after what came back from it, and which refusals are about the address at all."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.bounces import (
    ASKED_FOR,
    PROBE_AFTER,
    RETURNS_WITHIN,
    Probe,
    Returned,
    Standing,
    code_in,
    in_words,
    is_about_address,
    is_full,
    standing,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
GONE = "550 5.1.1 no such user"
FATES = ("waiting", "out", "put off", "back")


def hard(days_ago: float = 0) -> Returned:
    return Returned(NOW - days_ago * DAY, True, GONE)


def soft(days_ago: float = 0) -> Returned:
    return Returned(NOW - days_ago * DAY, False, "452 4.2.2 mailbox full")


def probe(days_ago: float, fate: str = "out") -> Probe:
    return Probe(NOW - days_ago * DAY, fate)


def name(*events: Returned | Probe, now: datetime = NOW) -> str:
    return of(events, now=now).name


def of(events: tuple[Returned | Probe, ...], *, now: datetime = NOW) -> Standing:
    returned = [each for each in events if isinstance(each, Returned)]
    return standing(returned, [each for each in events if isinstance(each, Probe)], now=now)


ago = st.floats(0, 800, allow_nan=False)
came_back = st.builds(lambda days, is_hard: hard(days) if is_hard else soft(days), ago, st.booleans())
tried = st.builds(probe, ago, st.sampled_from(FATES))


def test_an_address_from_which_nothing_came_back_is_well() -> None:
    assert of(()) == Standing()
    assert Standing().is_mailed


def test_one_letter_refused_for_good_pauses_digests_and_asks_for_a_probe_the_next_day() -> None:
    stands = of((hard(0.5),))
    assert (stands.name, stands.is_mailed, stands.since) == ("paused", False, NOW - DAY / 2)
    assert stands.next_at == NOW + DAY / 2


@pytest.mark.parametrize(
    ("days", "stands"),
    [
        ([0], "shaky"),
        ([2, 1, 0], "shaky"),
        ([0, 0, 0, 0], "paused"),
        ([1, 0.7, 0.3, 0], "paused"),
        ([7, 4.6, 2.3, 0], "shaky"),
        ([7, 5.2, 3.5, 1.7, 0], "paused"),
        ([4, 3, 2, 1, 0], "paused"),
        ([60], "well"),
    ],  # fmt: skip
)
def test_letters_refused_for_now_pause_only_when_they_come_together(days: list[float], stands: str) -> None:
    assert name(*(soft(each) for each in days)) == stands


def test_four_letters_refused_for_now_far_apart_never_pause() -> None:
    assert name(*(soft(each) for each in (0, 40, 80, 120, 160, 200))) == "shaky"


def test_a_pause_does_not_end_by_itself_however_much_time_passes() -> None:
    assert name(hard(700)) == "paused"


def test_an_address_is_asked_once_and_well_again_when_the_probe_stays_away_for_a_week() -> None:
    assert name(hard(9), probe(8 - 0.01)) == "well"
    assert name(hard(9), probe(6)) == "probing"
    assert of((hard(9), probe(6))).next_at == NOW + DAY
    assert name(hard(40), probe(30, "waiting")) == "probing", "a probe that is not sent yet proves nothing"


def test_a_probe_that_comes_back_for_good_cuts_the_address_for_ever() -> None:
    history = (hard(9), probe(8, "back"), hard(7))
    assert name(*history) == "cut"
    assert name(*history, now=NOW + 3000 * DAY) == "cut"


def test_a_probe_that_is_put_off_is_sent_again_less_and_less_often_and_not_for_ever() -> None:
    history: tuple[Returned | Probe, ...] = (hard(500),)
    at = NOW - 500 * DAY
    for wait in PROBE_AFTER:
        assert of(history).next_at == at + wait
        at += wait
        history = (*history, Probe(at, "put off"), Returned(at, False, "452 4.2.2 mailbox full"))
    assert name(*history) == "cut"


def test_a_letter_that_comes_back_after_a_good_probe_counts_anew_and_the_next_probe_waits_longer() -> None:
    stands = of((hard(30), probe(29), hard(2)))
    assert (stands.name, stands.since) == ("paused", NOW - 2 * DAY)
    assert stands.next_at == NOW - 2 * DAY + PROBE_AFTER[1]
    assert of((hard(500), probe(499), hard(2))).next_at == NOW - 2 * DAY + PROBE_AFTER[0], "a year later it is news"


def test_an_address_that_swallows_every_probe_and_returns_every_digest_is_cut_after_four_of_each() -> None:
    history = tuple(each for days in (100, 80, 60, 40) for each in (hard(days), probe(days - 1)))
    assert name(*history) == "well"
    assert name(*history, hard(1)) == "cut"


@pytest.mark.parametrize(
    ("stands", "held", "sent"),
    [
        ("shaky", [], ["digest", "reminder", "introduction"]),
        ("paused", ["digest", "reminder"], ["introduction", "question", "answered", "outcome", "probe", *ASKED_FOR]),
        ("probing", ["digest", "reminder"], ["introduction", *ASKED_FOR]),
        ("cut", ["digest", "reminder", "introduction", "question", "outcome", "probe"], [*ASKED_FOR]),
    ],
)
def test_what_waits_and_what_goes_while_an_address_stands_so(stands: str, held: list[str], sent: list[str]) -> None:
    assert [each for each in held + sent if Standing(stands).holds_back(each)] == held


@given(st.lists(came_back, max_size=8), st.lists(tried, max_size=5), came_back)
def test_one_more_letter_that_came_back_never_gives_a_better_standing(
    returned: list[Returned], probes: list[Probe], more: Returned
) -> None:
    before = standing(returned, probes, now=NOW).level
    assert standing([*returned, more], probes, now=NOW).level >= before


@given(st.lists(came_back, max_size=8), st.lists(tried, min_size=1, max_size=5), st.data())
def test_a_probe_that_comes_back_never_gives_a_better_standing(
    returned: list[Returned], probes: list[Probe], data: st.DataObject
) -> None:
    n = data.draw(st.integers(0, len(probes) - 1))
    worse = [*probes[:n], Probe(probes[n].at, "back"), *probes[n + 1 :]]
    assert standing(returned, worse, now=NOW).level >= standing(returned, probes, now=NOW).level


@given(st.lists(came_back, max_size=8).flatmap(st.permutations), st.lists(tried, max_size=5))
def test_the_order_in_which_reports_come_in_changes_nothing(returned: list[Returned], probes: list[Probe]) -> None:
    in_order = sorted(returned, key=lambda each: each.at)
    assert standing(returned, probes, now=NOW).name == standing(in_order, probes[::-1], now=NOW).name


@given(st.lists(st.builds(soft, ago), max_size=3))
def test_a_few_letters_refused_for_now_are_forgotten_with_time(returned: list[Returned]) -> None:
    assert standing(returned, [], now=NOW).is_mailed
    assert standing(returned, [], now=NOW + 100 * DAY).name == "well"


def played(returned: list[Returned], fate: str) -> tuple[str, int]:
    """Send every probe when it is due and let all share one fate; return where that ends and after how many."""
    probes: list[Probe] = []
    now = NOW
    while (stands := standing(returned, probes, now=now)).name in ("paused", "probing"):
        assert stands.next_at is not None
        now = max(now, stands.next_at)
        if stands.name == "paused":
            probes.append(Probe(now, fate))
    return stands.name, len(probes)


@settings(max_examples=60)
@given(st.lists(came_back, max_size=8))
def test_every_pause_ends_well_when_probes_arrive_and_in_a_cut_when_none_does(returned: list[Returned]) -> None:
    paused = not standing(returned, [], now=NOW).is_mailed
    assert played(returned, "out") in {("well", int(paused)), ("shaky", int(paused))}
    assert played(returned, "back")[1] == int(paused)
    assert played(returned, "put off") == ("cut", len(PROBE_AFTER)) or not paused
    assert RETURNS_WITHIN > 5 * DAY


ADDRESS = [
    (550, "5.1.1 <x@y.example>: Recipient address rejected: User unknown in virtual mailbox table"),
    (550, "5.4.1 Recipient address rejected: Access denied"),
    (552, "5.2.2 The mailbox is full"),
    (550, "5.2.1 The email account that you tried to reach is disabled"),
    (554, "delivery error: dd This user doesn't have a mail.example account (x@mail.example) [0]"),
    (550, "5.7.1 <x@y.example>... User unknown"),
    (553, "5.3.0 <x@y.example>... No such user here"),
    (550, "5.7.17 the mailbox has a new owner"),
    (556, "domain does not accept mail"),
    (550, "Requested action not taken: mailbox unavailable"),
    (551, "User not local"),
    (450, "mailbox busy"),
    (452, "4.2.2 over quota"),
    (550, ""),
    (0, ""),
]
US = [
    (550, "5.7.1 Service unavailable; client host [192.0.2.4] blocked using list.example"),
    (554, "5.7.1 message rejected as spam"),
    (550, "5.7.26 unauthenticated mail is prohibited by the DMARC policy of the sender"),
    (550, "5.1.8 sender domain not found"),
    (550, "sender domain not found"),
    (553, "sorry, your envelope sender domain must exist"),
    (550, "5.0.0 Sender verify failed for recipient"),
    (550, "Recipient rejected: your IP 192.0.2.4 has a poor reputation"),
    (552, "5.3.4 Message size exceeds fixed limit"),
    (552, "5.3.4 Message length exceeds administrative limit"),
    (550, "host mx.firm.example said: 550 Message rejected (in reply to end of DATA command)"),
    (552, "5.2.3 longer than this mailbox takes"),
    (552, "message too large"),
    (550, "5.4.5 Daily sending quota exceeded"),
    (550, "5.6.0 content not allowed"),
    (550, "5.7.1 not accepted here"),
    (451, "4.7.1 greylisted, come back later"),
    (421, "too many connections"),
    (554, "Transaction failed"),
    (503, "bad sequence of commands"),
    (535, "authentication failed"),
]


@pytest.mark.parametrize(("code", "said"), ADDRESS)
def test_a_refusal_of_an_address_counts_against_it(code: int, said: str) -> None:
    assert is_about_address(code, said)


@pytest.mark.parametrize(("code", "said"), US)
def test_a_refusal_of_a_letter_or_of_us_does_not_count_against_an_address(code: int, said: str) -> None:
    assert not is_about_address(code, said)


@pytest.mark.parametrize(
    ("code", "said", "counts"),
    [
        (550, "Message rejected", False),
        (552, "Requested mail action aborted", False),
        (550, "5.3.0 rejected", False),
        (450, "not now", False),
        (550, "5.1.1 no such user", True),
        (550, "no such user here", True),
        (552, "5.2.2 the mailbox is full", True),
        (552, "mailbox full", True),
    ],
)
def test_after_the_letter_only_what_names_the_address_counts_against_it(code: int, said: str, counts: bool) -> None:
    """A server that took the address and saw the letter refuses it with the same codes. Source: RFC 5321, 4.3.2."""
    assert is_about_address(code, said, after_letter=True) is counts
    assert is_about_address(code, said)


@given(st.integers(0, 999), st.text())
def test_no_words_of_a_server_are_too_strange(code: int, said: str) -> None:
    assert is_about_address(code, said) in (True, False)
    assert in_words(said)
    assert code_in(said) == 0 or 400 <= code_in(said) <= 599


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("smtp; 552 5.2.2 over quota", "the mailbox is full"),
        ("smtp; 550 5.1.1 whatever", "the mail server does not know the address"),
        ("smtp; 451 4.4.1 no answer from host", "the mail server could not be reached"),
        ("smtp; 554 delivery error: dd", "the mail server says “554 delivery error: dd”"),
        ("", "the mail server gave no reason"),
    ],
)
def test_a_reason_is_said_in_plain_words(said: str, words: str) -> None:
    assert in_words(said) == words


def test_a_long_reason_is_cut_between_words() -> None:
    assert in_words("strange " * 90).endswith("strange…”")
    assert len(in_words("strange " * 90)) < 150


def test_the_code_is_read_out_of_a_servers_words_and_no_other_number_is() -> None:
    assert [code_in(each) for each in ("smtp; 550 5.1.1 x", "5.1.1", "host 192.0.2.550", "no")] == [550, 0, 0, 0]


@pytest.mark.parametrize("said", ["552 5.2.2 x", "Mailbox is full", "user is over quota", "mailbox size exceeded"])
def test_a_full_mailbox_is_known_by_its_words(said: str) -> None:
    assert is_full(said)
