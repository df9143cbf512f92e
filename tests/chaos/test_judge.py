"""The judge of a night sees each law that can break, and lets the one documented window pass."""

from dataclasses import replace

from tests.chaos.due import Event
from tests.chaos.judge import Brought, Found, Held, Repeats, Written, broken, repeats
from tests.chaos.sink import GONE, Line

LETTER = Written("digest:1", "digest", "sent", "p1@firm.example", "<a@x>", "", "")
ANSWER = Written("answer:1", "answer", "sent", "p1@firm.example", "<b@x>", "m1", "")
MESSAGE = Brought("m1", "yes", 50.0, ("done",), 1)


def line(at: float, message_id: str, what: str = "taken", kind: str = "digest") -> Line:
    return Line(at, what, message_id, "p1@firm.example", kind)


def good() -> Found:
    return Found(
        [LETTER, ANSWER], [line(10, "<a@x>"), line(11, "<a@x>", "answered"), line(60, "<b@x>", kind="answer")],
        brought=[MESSAGE], n_digests=1,
    )  # fmt: skip


def said(found: Found) -> str:
    (sentence,) = broken(found)
    return sentence


def test_a_night_without_a_fault_is_well() -> None:
    assert broken(good()) == []
    assert repeats(good()) == Repeats()


def test_a_letter_that_was_marked_and_never_arrived_is_lost() -> None:
    found = good()
    found.journal = found.journal[2:]
    assert "never at the sink: 1, such as digest:1" in said(found)


def test_a_letter_that_waits_at_the_end_is_seen() -> None:
    found = good()
    found.letters.append(replace(LETTER, key="digest:2", kind="reminder", state="claimed", message_id="<c@x>"))
    assert said(found) == "1 letters still wait or are claimed"


def test_only_a_refusal_for_good_ends_a_letter() -> None:
    found = good()
    failed = replace(LETTER, key="reminder:2", kind="reminder", state="failed", message_id="<c@x>")
    found.letters.append(replace(failed, to=f"p@{GONE}"))
    found.held = [Held("<c@x>", f"p@{GONE}", hard=True)]
    assert broken(found) == []
    found.letters.append(replace(failed, key="reminder:3", message_id="<d@x>"))
    assert "given up without a refusal for good: 1, such as reminder:3" in said(found)


def test_a_letter_that_came_again_after_a_kill_is_counted_and_one_for_no_reason_is_a_fault() -> None:
    found = good()
    found.journal += [line(30, "<a@x>"), line(31, "<a@x>", "answered")]
    assert "came twice though nothing that we did can have made it so: 1" in said(found)
    found.events = [Event(20, "kill", "deliver")]
    assert broken(found) == []
    assert repeats(found) == Repeats(unmarked=1, why=(("deliver", 1),))


def explained(*events: Event, sender: str = "") -> bool:
    """Tell whether these events explain a letter that came at 10 and again at 40, first from one sender."""
    found = good()
    found.journal[0] = replace(found.journal[0], sender=sender)
    found.journal += [line(40, "<a@x>"), line(41, "<a@x>", "answered")]
    found.events = list(events)
    return not broken(found)


def test_only_what_can_lose_a_mark_explains_that_a_letter_came_again() -> None:
    for name in ("deliver", "worker2", "sink", "postgres"):
        assert explained(Event(20, "kill", name))
    for name in ("web child", "web", "inbound", "night", "night child"):
        assert not explained(Event(20, "kill", name))


def test_the_kill_of_another_sender_explains_nothing() -> None:
    assert explained(Event(11, "kill", "deliver", 77), sender="pid77.sender")
    assert not explained(Event(11, "kill", "deliver", 78), sender="pid77.sender")
    assert explained(Event(11, "kill", "sink", 78), sender="pid77.sender")


def test_what_happened_long_after_the_first_time_or_before_it_explains_nothing() -> None:
    assert explained(Event(24, "kill", "sink"))
    assert not explained(Event(26, "kill", "sink"))
    assert not explained(Event(7, "kill", "sink"))


def test_a_jump_explains_only_when_it_passes_a_claim() -> None:
    assert explained(Event(12, "jump", "+330 s"))
    assert not explained(Event(12, "jump", "+200 s"))
    assert not explained(Event(12, "jump", "-240 s"))


def test_manners_of_the_sink_explain_only_while_they_last() -> None:
    for mode, explains in (("half-open", True), ("closing", True), ("slow", False), ("polite", False)):
        assert explained(Event(8, "mode", mode), Event(12, "mode", "polite")) is explains
    assert not explained(Event(2, "mode", "closing"), Event(4, "mode", "polite"))


def test_a_letter_whose_first_copy_was_never_answered_is_told_apart() -> None:
    found = good()
    found.events = [Event(20, "kill", "sink")]
    found.journal[1:1] = [line(30, "<a@x>")]
    assert repeats(found) == Repeats(unanswered=1, why=(("sink", 1),))


def test_a_stranger_at_the_sink_and_a_letter_that_is_not_marked_are_seen() -> None:
    found = good()
    found.journal.append(line(70, "<z@x>"))
    assert "no letter of ours: 1, such as <z@x>" in said(found)
    found = good()
    found.letters[0] = replace(LETTER, state="dropped", error="unsubscribed")
    assert "not marked as sent: 1, such as <a@x>" in said(found)


def test_a_letter_whose_mark_was_lost_may_be_dropped_afterwards_and_no_other() -> None:
    found = good()
    found.letters[0] = replace(LETTER, state="dropped", error="too late")
    assert "not marked as sent: 1, such as <a@x>" in said(found)
    found.events = [Event(12, "kill", "web child"), Event(40, "kill", "deliver")]
    assert "not marked as sent: 1, such as <a@x>" in said(found)
    found.events = [Event(12, "kill", "deliver")]
    assert broken(found) == []
    found.letters[0] = replace(LETTER, state="claimed")
    assert any("not marked as sent: 1, such as <a@x>" in each for each in broken(found))


def test_two_digests_of_a_day_untold_partners_and_forgotten_readers_are_seen() -> None:
    found = good()
    found.n_digests, found.n_asked_untold, found.n_forgotten = 2, 3, 4
    assert [each.split()[0] for each in broken(found)] == ["1", "3", "4"]


def test_a_message_is_done_once_and_answered_once() -> None:
    for wrong in (replace(MESSAGE, states=("done", "done")), replace(MESSAGE, n_done=2), replace(MESSAGE, states=())):
        found = good()
        found.brought = [wrong]
        assert "not acted on exactly once: 1" in said(found)
    found = good()
    found.letters[1] = replace(ANSWER, in_reply_to="")
    assert "answered 0" in said(found)
    found = good()
    found.brought = [replace(MESSAGE, taken_at=0.0)]
    assert "never got a 250: 1" in said(found)


def test_whoever_unsubscribed_is_not_mailed_a_minute_later() -> None:
    found = good()
    found.left_at = {"p1@firm.example": -51.0}
    assert "mailed after they unsubscribed: 1" in said(found)
    found.left_at = {"p1@firm.example": -49.0}
    assert broken(found) == []
