"""A link that is over says what its reader can do instead, which differs by what it was for."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from matcher.tokens import PURPOSES, seal
from tests.web.visiting import NOW
from web.settings import Settings

PATHS = {
    "reply": "/offer/{}/1", "page": "/opportunity/{}", "draft": "/opportunity/{}",
    "introduction": "/introduction/{}/poster", "sign-in": "/in/{}", "profile": "/profile/{}", "held": "/held/{}",
    "unsubscribe": "/digest/{}", "steward": "/steward/in/{}",
    "colleague": "/colleague/{}",
}  # fmt: skip
SIGN_IN = 'class="button" href="/sign-in"'


@pytest.mark.parametrize(
    ("purpose", "said", "button"),
    [
        ("reply", "your page lists your offers and what you posted", SIGN_IN),
        ("page", "your page lists your offers and what you posted", SIGN_IN),
        ("introduction", "your page lists your offers and what you posted", SIGN_IN),
        ("sign-in", "each is good for a day. Ask for a new one.", SIGN_IN),
        ("draft", "Without that letter, post it anew.", 'class="button" href="/post"'),
        ("profile", "Replying “ok” to the letter that it stood in works for longer", 'class="button" href="/join"'),
        ("held", "the message that it was about was not acted on", ""),
        ("colleague", "Reply “yes” or “no” to the letter that it stood in", ""),
        ("unsubscribe", "Use the one at the foot of our newest letter", ""),
        ("steward", "python -m jobs.steward", ""),
    ],
)
def test_an_expired_link_says_what_to_do_instead(
    client: FlaskClient, settings: Settings, purpose: str, said: str, button: str
) -> None:
    token = seal(settings.secret_key, purpose, 1, expires_on=NOW.date() - timedelta(days=1))
    answer = client.get(PATHS[purpose].format(token))
    assert answer.status_code == 410
    assert said in answer.text
    assert button in answer.text
    assert (SIGN_IN in answer.text) is (button == SIGN_IN)


def test_every_purpose_of_a_link_has_its_page() -> None:
    assert set(PATHS) == {*PURPOSES} - {"bounce"}
