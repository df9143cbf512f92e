"""A link that is over → what its reader can do instead, by what the link was for: not everybody can sign in."""

from dataclasses import dataclass

from werkzeug.exceptions import Gone


@dataclass(frozen=True, slots=True)
class Instead:
    """A sentence, and where its button leads; no button where no page helps."""

    sentence: str
    button: str = ""
    path: str = ""


ASK = ("Ask for a sign-in link", "/sign-in")
SIGN_IN = Instead(
    "This link has expired. Ask for a sign-in link: your page lists your offers and what you posted.", *ASK
)
BY_PURPOSE = {
    "sign-in": Instead("This sign-in link has expired: each is good for a day. Ask for a new one.", *ASK),
    "draft": Instead(
        "This page has expired. The letter that we sent to the address in the form works for longer: its link opens the"
        " posting. Without that letter, post it anew.",
        "Post it anew",
        "/post",
    ),
    "profile": Instead(
        "This link has expired. Replying “ok” to the letter that it stood in works for longer. Without that letter,"
        " tell us about your firm anew; a firm that has joined gets a sign-in link instead.",
        "Tell us anew",
        "/join",
    ),
    "held": Instead(
        "This link has expired, and the message that it was about was not acted on. If you wrote it, reply once more to"
        " our letter, from the address at which you got it. If not, there is nothing to do."
    ),
    "colleague": Instead(
        "This link has expired, and nothing was changed. Reply “yes” or “no” to the letter that it stood in: that works"
        " for longer."
    ),
    "unsubscribe": Instead(
        "This link has expired. Use the one at the foot of our newest letter, or reply “stop” to that letter."
    ),
    "steward": Instead(
        "This link has expired: each is good for a day. Run “python -m jobs.steward” where the service runs; it prints"
        " a new one."
    ),
}


class LinkExpired(Gone):
    """410, with what its reader can do instead."""

    def __init__(self, purpose: str):
        super().__init__()
        self.instead = BY_PURPOSE.get(purpose, SIGN_IN)
