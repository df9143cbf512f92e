"""The whole of an answer that another would read, to the command that it is instead: extend, close or stop."""

import re

from matcher.inbound import tails, words
from matcher.inbound.clauses import quote
from matcher.terms import Act, Reply

# The words that our letters teach, in nine languages as in `words`, all folded. Others that mean the same elsewhere
# ("cancel", "filled", "more time") may well answer a question, so they are asked about.
TAUGHT = {
    "extend": """extend|extend it|verlangern|verlangere|prolonger|prolongez|prolongar|ampliar|verlengen|verleng
        |prolungare|prolunga|prorrogar|forlang|forlanga|przedluz|przedluzyc""",
    "close": """close|close it|schliessen|schliesen|schliese|fermer|fermez|cloturer|cerrar|sluiten|sluit|chiudere
        |chiudi|fechar|stang|stanga|zamknij|zamknac""",
}
_POLITE = r"(?:please|bitte|svp|thanks?|thank you|danke|merci|por favor|prosze|it|now)"


def _only(phrases: str) -> re.Pattern[str]:
    return re.compile(rf"^\W*(?:{_POLITE}\W+)*(?:{phrases})(?:\W+{_POLITE})*\W*$")


_EITHER = {verb: _only("|".join(re.escape(" ".join(one.split())) for one in said.split("|")))
           for verb, said in TAUGHT.items()}  # fmt: skip
_PERHAPS = _only(words.phrases("extend", "close"))
_LONGEST = 60  # characters; no command is longer


def command(said: str) -> Reply | None:
    """Read a text without greeting and closing formula; None when it is more, or something else, than a command."""
    answer, tail = tails.split(said)
    folded = words.fold(answer.strip())
    if len(folded) > _LONGEST or tails.telling(tail) or "?" in folded:
        return None
    if words.STOP_ONLY.match(folded):
        return Reply(acts=(Act("stop"),))
    for verb, pattern in _EITHER.items():
        if pattern.match(folded):
            return Reply(acts=(Act(verb, text=answer.strip()),))
    if _PERHAPS.match(folded):
        return Reply(
            unclear=f"You wrote {quote(answer)}: is that the answer? Then write it as a sentence, and it is passed on."
            " To end or keep open what you posted, reply “close” or “extend”."
        )
    return None
