"""A posting's blind subject and needs become its title."""

import re
from collections.abc import Callable, Sequence

from matcher.posting.cues import bare, n_telling_letters
from matcher.posting.sentences import clauses
from matcher.terms import Need

MAX_TITLE = 80
UNTITLED = "A partner wanted"
PREFIX = re.compile(
    r"^(?:(?:re|i|r|fwd?|aw|wg|tr|rv|sv|vs|antw)\s*:\s*|\[[^\]]{0,40}\]\s*|(?:new )?(?:posting|post|request"
    r"|enquiry|inquiry|anfrage|demande|help|urgent|wanted|partner wanted|gesucht|a customer)\s*[:!–-]\s*)+",
    re.IGNORECASE,
)
SOMEBODY = re.compile(
    r"^(?:somebody|someone|anybody|a (?:partner|firm|person|team|specialist|company)|people|a pair of hands)\s+"
    r"(?:(?:who|that)\s+(?:can|could|will|would|is able to|knows how to)\s+|to\s+"
    r"|(?:who|that)\s+(?P<verb>[a-z]{2,12}s)\b)",
    re.IGNORECASE,
)
CLAUSE_END = re.compile(r"[.!?]\s|[;:(]|\s[–—-]\s|,\s")


def make_title(subject: str, needs: Sequence[Need], linker_keys: Callable[[str], tuple[str, ...]]) -> str:
    """Return at most 80 characters: a telling subject, else the first sentence that names the work."""
    plain = " ".join(PREFIX.sub("", subject.strip()).split())
    if n_telling_letters(plain) >= 6 or linker_keys(plain):
        return _fit(bare(plain))
    texts = [clause.text for need in needs for clause in clauses(need.text)]
    telling = [text for text in texts if linker_keys(text)] or texts
    return _fit(bare(telling[0])) if telling else UNTITLED


def _named(text: str) -> str:
    """Turn "somebody who moves the mail" into "move the mail": the work, not who is wanted."""
    found = SOMEBODY.match(text)
    if found is None:
        return text
    verb = found["verb"] or ""
    stem = verb[:-2] if re.search(r"(?:ss|sh|ch|x|o)es$", verb, re.IGNORECASE) else verb[:-1]
    return f"{stem}{text[found.end() :]}".strip() or text


def _fit(text: str) -> str:
    """Cut at the end of a clause, or of a word."""
    text = _named(text)
    first = re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0].rstrip(" .,;:–-")
    if len(first) > MAX_TITLE:
        ends = [end.start() for end in CLAUSE_END.finditer(first) if 25 <= end.start() <= MAX_TITLE]
        first = first[: ends[-1]] if ends else f"{first[: MAX_TITLE - 1].rsplit(' ', 1)[0]}…"
    first = first.rstrip(" .,;:–-")
    return first[:1].upper() + first[1:] if first else UNTITLED
