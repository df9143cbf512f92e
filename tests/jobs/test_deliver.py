"""Letters on their way: none is lost when a server is away, none goes twice, one that is refused holds up no other."""

import gc
import socket
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from time import monotonic

import pytest
from sqlalchemy import select

from jobs import deliver, sending
from jobs.claiming import Claim, Claims, claim
from jobs.deliver import deliver_all
from jobs.ground import Ground, now
from matcher.exchange import unsubscribe
from matcher.models import Contact, Letter
from matcher.store import letters
from matcher.store.letters import Draft
from matcher.tokens import unseal
from tests import factories as make
from tests.jobs.outbox import deliver_at, states, write_to_firms
from tests.jobs.postoffice import TAKEN, PostOffice, open_post_office
from web.db import transaction

A_MINUTE = timedelta(minutes=1, seconds=1)


@pytest.fixture
def office(either_office: PostOffice) -> PostOffice:
    return either_office


def test_a_letter_is_sent_and_marked_after_the_server_took_it(g: Ground, office: PostOffice) -> None:
    write_to_firms(g, "quay")
    assert deliver_all(g) == 1
    assert office.recipients == ["anna@quay.example"]
    assert states(g) == {"quay.example": ("sent", "")}
    assert deliver_all(g) == 0


def test_many_letters_go_over_one_connection(g: Ground, office: PostOffice) -> None:
    write_to_firms(g, *(f"firm{n}" for n in range(10)))
    assert deliver_all(g) == 10
    assert office.n_connections == 1
    assert deliver_all(g) == 0


def test_more_letters_than_fit_one_claim_all_go(g: Ground, office: PostOffice) -> None:
    write_to_firms(g, *(f"firm{n}" for n in range(2 * deliver.AT_ONCE + 1)))
    assert deliver_all(g) == len(set(office.message_ids)) == 2 * deliver.AT_ONCE + 1


def test_a_sender_that_is_asked_to_end_ends_its_letter_and_gives_the_others_back(g: Ground, office: PostOffice) -> None:
    """In the middle of a slow server's claim, or whoever waits for it to end would have to kill it."""

    def asked_to_end(_to: str) -> str:
        g.stopping.set()
        return TAKEN

    write_to_firms(g, *(f"firm{n}" for n in range(10)))
    office.at_letter = asked_to_end
    n_sent = deliver_all(g)
    assert n_sent == len(office.taken) <= 2  # the letter itself and the one that was offered with it
    assert Counter(state for state, _ in states(g).values()) == {"sent": n_sent, "waiting": 10 - n_sent}
    g.stopping.clear()
    office.at_letter = lambda _to: TAKEN
    assert deliver_all(g) == 10 - n_sent
    assert len(set(office.message_ids)) == len(office.taken) == 10


def test_letters_wait_while_the_server_is_down_and_go_out_later(g: Ground) -> None:
    write_to_firms(g, "quay", "fjord")
    assert deliver_all(g) == 0
    assert {state for state, _ in states(g).values()} == {"waiting"}
    assert all("refused" in error for _, error in states(g).values())
    with open_post_office(g.settings.mail_port) as office:
        assert deliver_all(g) == 0
        assert deliver_at(g, now() + A_MINUTE) == 2
    assert sorted(office.recipients) == ["anna@fjord.example", "anna@quay.example"]
    assert set(states(g).values()) == {("sent", "")}


def test_letters_wait_when_the_server_takes_the_call_and_then_says_nothing(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "PATIENCE_S", 0.2)
    write_to_firms(g, "one")
    with socket.create_server(("127.0.0.1", g.settings.mail_port)):
        began = monotonic()
        assert deliver_all(g) == 0
        assert monotonic() - began < 20, "the sender hung with the server"
    assert {state for state, _ in states(g).values()} == {"waiting"}
    assert socket.getdefaulttimeout() is None


@pytest.mark.parametrize("step", ["at_recipient", "at_letter"])
def test_a_letter_that_is_put_off_waits_and_the_others_go(g: Ground, office: PostOffice, step: str) -> None:
    write_to_firms(g, "quay", "fjord", "isar")
    setattr(office, step, lambda to: "451 4.7.1 greylisted, come back" if "fjord" in to else "250 OK")
    assert deliver_all(g) == 2
    assert states(g)["fjord.example"] == ("waiting", "451 4.7.1 greylisted, come back")
    setattr(office, step, lambda _to: "250 OK")
    assert deliver_at(g, now() + A_MINUTE) == 1
    assert len(set(office.message_ids)) == 3


@pytest.mark.parametrize("step", ["at_recipient", "at_letter"])
def test_a_letter_that_is_refused_for_good_is_not_tried_again(g: Ground, office: PostOffice, step: str) -> None:
    write_to_firms(g, "quay", "fjord", "isar")
    setattr(office, step, lambda to: "550 5.1.1 no such user" if "fjord" in to else "250 OK")
    assert deliver_all(g) == 2
    assert states(g)["fjord.example"] == ("failed", "550 5.1.1 no such user")
    assert claim(g, now() + timedelta(days=9), 100) is None


def test_a_letter_at_which_the_server_hangs_up_waits_and_the_others_go_over_a_new_line(
    g: Ground, office: PostOffice
) -> None:
    write_to_firms(g, "alder", "birch", "cedar", "dale")
    office.at_letter = lambda to: "" if "cedar" in to else "250 OK"
    assert deliver_all(g) == 3
    assert office.n_connections == 2
    assert {name for name, (state, _) in states(g).items() if state == "waiting"} == {"cedar.example"}
    office.at_letter = lambda _to: "250 OK"
    assert deliver_at(g, now() + A_MINUTE) == 1
    assert len(office.message_ids) == len(set(office.message_ids)) == 4


def test_an_unsubscribed_reader_gets_no_digest_and_still_its_introduction(g: Ground, office: PostOffice) -> None:
    write_to_firms(g, "quay", kind="digest", day="2026-11-23", offers=[])
    write_to_firms(g, "quay")
    with transaction(g.engine) as session:
        unsubscribe(session, session.scalars(select(Contact)).one(), how="one click", now=now())
    assert deliver_all(g) == 1
    with transaction(g.engine) as session:
        found = {each.kind: (each.state, each.error) for each in session.scalars(select(Letter))}
    assert found == {"digest": ("dropped", "unsubscribed"), "sign-in": ("sent", "")}


def test_an_address_that_bounced_for_good_gets_nothing(g: Ground, office: PostOffice) -> None:
    write_to_firms(g, "quay", "fjord")
    with transaction(g.engine) as session:
        letters.suppress(session, "anna@quay.example", scope="all", cause="bounce", at=now())
    assert deliver_all(g) == 1
    assert states(g)["quay.example"] == ("dropped", "bounce")


def test_the_same_letter_always_has_the_same_message_id(g: Ground, office: PostOffice) -> None:
    write_to_firms(g, "quay", "fjord")
    deliver_all(g)
    with transaction(g.engine) as session:
        for each in session.scalars(select(Letter)):
            each.state, each.claimed_at = "claimed", now() - timedelta(hours=1)  # as if killed before the commit
    deliver_all(g)
    assert len(office.message_ids) == 4
    assert len(set(office.message_ids)) == 2


def test_a_letter_bounces_to_an_address_that_names_it(g: Ground, office: PostOffice) -> None:
    write_to_firms(g, "quay")
    deliver_all(g)
    ((sender, _, _),) = office.taken
    token = sender.removeprefix("b+").partition("@")[0]
    with transaction(g.engine) as session:
        number = unseal(g.settings.secret_key, "bounce", token, today=now().date())
        assert session.scalars(select(Letter.id)).one() == number


def test_a_letter_that_cannot_be_written_holds_up_no_other(g: Ground, office: PostOffice) -> None:
    write_to_firms(g, "alder", kind="digest", day="2026-11-23")  # without its offers
    write_to_firms(g, "birch", kind="postcard")
    write_to_firms(g, "quay", "fjord")
    assert deliver_all(g) == 2
    assert states(g)["alder.example"][0] == "waiting"
    assert "'offers' is undefined" in states(g)["alder.example"][1]
    assert "kind 'postcard'" in states(g)["birch.example"][1]


def test_an_address_that_the_server_cannot_take_holds_up_no_other(g: Ground, office: PostOffice) -> None:
    with transaction(g.engine) as session:
        to = make.firm(session, "alder", email="jürgen@alder.example")
        letters.write(session, Draft("sign-in:j", "sign-in", to, {}, [(1, to.id)]), at=now())
    write_to_firms(g, "quay", "fjord")
    deliver_all(g)
    assert sorted(office.recipients)[:2] == ["anna@fjord.example", "anna@quay.example"]
    assert states(g)["alder.example"][0] in ("sent", "failed")


def test_a_sender_whose_claim_ran_out_does_not_send_what_another_sent_meanwhile(
    g: Ground, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_to_firms(g, "alder", "birch", "cedar")
    began = now()
    late = began + letters.STALE_CLAIM + timedelta(seconds=1)

    def slow(to: str) -> str:
        if "alder" in to:
            with transaction(g.engine) as session:  # another sender finds the stale claim
                for each in letters.claim(session, now=late, limit=9):
                    letters.mark_sent(session, [each.id], at=late)
            monkeypatch.setattr(sending, "now", lambda: late)
        return "250 OK"

    office.at_letter = slow
    deliver_at(g, began)
    assert office.recipients == ["anna@alder.example"]
    assert set(states(g).values()) == {("sent", "")}


def test_a_slow_server_does_not_cost_a_sender_its_claim(
    g: Ground, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_to_firms(g, "alder", "birch", "cedar")
    clock = [now()]
    monkeypatch.setattr(sending, "now", lambda: clock[0])
    stolen: list[Letter] = []

    def slow(_to: str) -> str:
        clock[0] += letters.STALE_CLAIM * 0.6
        with transaction(g.engine) as session:
            stolen.extend(letters.claim(session, now=clock[0], limit=9))
        return "250 OK"

    office.at_letter = slow
    assert deliver_at(g, clock[0]) == 3
    assert (stolen, len(office.recipients)) == ([], 3)


def test_a_letter_to_nobody_we_know_has_no_contact(g: Ground, office: PostOffice) -> None:
    with transaction(g.engine) as session:
        letters.write(session, Draft("held:1", "sign-in", "eve@quay.example", {}, []), at=now())
    found = claim(g, now(), 100)
    assert found
    (claimed,) = found.letters
    assert (claimed.contact, claimed.to_address) == (None, "eve@quay.example")


def test_the_collector_rests_while_letters_are_claimed_and_marked(
    g: Ground, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    rested: list[tuple[str, bool]] = []
    for name in ("held_back", "mark_sent"):
        monkeypatch.setattr(letters, name, _noting(rested, name))
    write_to_firms(g, "quay")
    assert deliver_all(g) == 1
    assert set(rested) == {("held_back", True), ("mark_sent", True)}
    assert gc.isenabled()


def _noting(rested: list[tuple[str, bool]], name: str) -> Callable[..., object]:
    was = getattr(letters, name)

    def noting(*told: object, **named: object) -> object:
        rested.append((name, not gc.isenabled()))
        return was(*told, **named)

    return noting


def test_a_quick_server_is_given_more_at_once_and_a_slow_one_no_more_than_before(
    g: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds, claimed = 0.0, []

    def take(_claims: Claims, limit: int) -> Claim | None:
        claimed.append(limit)
        return Claim([], now(), is_full=False) if len(claimed) < 6 else None

    def send(_g: Ground, some: sending.Round) -> None:
        nonlocal seconds
        some.n_taken = claimed[-1]
        seconds += claimed[-1] / (300 if len(claimed) < 3 else 2000 if len(claimed) < 5 else 20)

    monkeypatch.setattr(Claims, "take", take)
    monkeypatch.setattr(deliver, "_send", send)
    monkeypatch.setattr(deliver, "monotonic", lambda: seconds)
    deliver_all(g)
    assert claimed == [100, 300, 300, 500, 500, 100]
