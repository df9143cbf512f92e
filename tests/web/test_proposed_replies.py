"""What a letter proposes to reply is understood, goes to that letter, and no other reply is proposed."""

import re

import pytest

from matcher.exchange.understanding import READ_AS
from matcher.inbound import understand
from tests.web.sample_letters import SETTINGS, TODAY, VALUES
from tests.web.test_letters import composed, mailtos
from web.links import Links

PROMISED = [
    ("digest", "2 yes", "yes"),
    ("digest", "1 later", "later"),
    ("digest", "1 no: too far away", "no"),
    ("digest", "ask 1: your question", "ask"),
    ("digest", "stop", "stop"),
    ("digest.one", "1 yes", "yes"),
    ("reminder", "yes", "yes"),
    ("reminder", "no", "no"),
    ("reminder", "no: too busy", "no"),
    ("reminder", "ask: your question", "ask"),
    ("reminder", "stop", "stop"),
    ("answered", "yes", "yes"),
    ("answered", "no", "no"),
    ("answered", "ask: your question", "ask"),
    ("confirm", "ok", "ok"),
    ("confirm", "hide the word Tram", "correct"),
    ("welcome", "ok", "ok"),
    ("colleague", "yes", "ok"),
    ("colleague", "no", "no"),
    ("opened", "extend", "extend"),
    ("opened", "close", "stop"),
    ("interested", "1 2 3", "choose"),
    ("interested", "ask 1: your question", "ask"),
    ("interested", "none", "none"),
    ("interested", "close", "stop"),
    ("interested.one", "1", "choose"),
    ("ending", "1 2", "choose"),
    ("ending.one", "1", "choose"),
    ("ending", "none", "none"),
    ("ending", "extend", "extend"),
    ("ending", "close", "stop"),
    ("introduction", "won 12000", "won"),
    ("introduction", "lost", "lost"),
    ("outcome", "won 12000", "won"),
    ("outcome", "lost", "lost"),
    ("outcome", "not yet", "later"),
    ("confirm_outcome", "ok", "ok"),
    ("confirm_outcome", "no: it was 9000", "no"),
    ("confirm_outcome.changed", "ok", "ok"),
    ("recorded", "won 9000", "won"),
]


@pytest.mark.parametrize(("name", "phrase", "verb"), PROMISED)
def test_a_reply_that_a_letter_proposes_is_understood(name, phrase, verb):
    n_choices = {"digest": 2, "interested": 3, "opened": 0, "ending": 2}.get(name, 1)
    reply = understand(phrase, letter_kind=READ_AS[name.split(".")[0]], n_choices=n_choices)
    assert f"“{phrase}”" in " ".join(composed(name).body.split())
    assert reply.acts
    assert {act.verb for act in reply.acts} == {verb}


@pytest.mark.parametrize("name", VALUES)
def test_no_letter_proposes_a_reply_that_is_not_tested(name):
    body = " ".join(composed(name).body.partition("\n---\n")[0].split())
    proposed = set(re.findall(r"(?:[Rr]eply|example|or|is:|euros\),|,) “([^”]{1,30})”", body))
    shown = set(re.findall(r"“([^”]+)”", str(VALUES[name])))
    tested = {phrase for kind, phrase, _ in PROMISED if name.split(".")[0] == kind.split(".")[0]}
    assert proposed - shown - {"Notes migration in Cork"} <= tested


def test_every_prefilled_reply_goes_to_the_letter_and_is_understood_once_filled():
    html = composed("digest").html
    bodies = {body for _, _, body in mailtos(html)}
    of_offers = {"1 yes", "ask 1: ", "1 later", "1 no: ", "2 yes", "ask 2: ", "2 later", "2 no: "}
    assert bodies == of_offers | {"pause 2 weeks", "stop"}
    assert {path for path, _, _ in mailtos(html)} == {Links(SETTINGS, TODAY).reply_address(7001)}
    for body in of_offers:
        said = f"{body}too far from Graz" if body.endswith(": ") else body
        [act] = understand(said, letter_kind="digest", n_choices=2).acts
        assert f"{act.number}" in body
        assert act.verb in body
