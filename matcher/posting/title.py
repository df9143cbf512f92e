"""A posting's blind subject and needs become its title."""

import re
from collections.abc import Callable, Mapping, Sequence

from matcher.posting.cues import bare, n_telling_letters, role
from matcher.posting.sentences import clauses
from matcher.terms import Need

MAX_TITLE = 80
TELLING, TELLING_BESIDE_NEEDS = 6, 14  # letters; "need a partner" tells less than a sentence that names the product
UNTITLED = "A partner wanted"
NO_LABELS: Mapping[str, str] = {}
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
ABOUT_SOMEBODY = re.compile(
    r"\b(?:we|us|our|i|they|he|she|you|it|this|that|these|nobody|none|boss|customers?|clients?|hotel|wir|ich|sie|uns|kunden?|nous"
    r"|on|ils|elles?|wij|ze|zij|nosotros|hemos|nos|klant|one)\b|'(?:s|re|ve)\b",
    re.IGNORECASE,
)
CLAUSE_END = re.compile(r"[.!?]\s|[;:(]|\s[–—-]\s|,\s")


def make_title(
    subject: str,
    needs: Sequence[Need],
    linker_keys: Callable[[str], tuple[str, ...]],
    *,
    label_of: Mapping[str, str] = NO_LABELS,
    town: str = "",
) -> str:
    """Return at most 80 characters: a telling subject, else what is asked for, else the labels of what it takes."""
    plain = without_prefix(subject)
    texts = [clause.text for need in needs for clause in clauses(need.text)]
    telling = [text for text in texts if linker_keys(text)]
    if linker_keys(plain) or n_telling_letters(plain) >= (TELLING_BESIDE_NEEDS if telling else TELLING):
        return _fit(bare(plain))
    asked = next((text for text in telling if _asks(text)), "")
    labelled = _labelled(needs, label_of, town)
    return _fit(bare(asked)) if asked else labelled or (_fit(bare((telling or texts)[0])) if texts else UNTITLED)


def without_prefix(subject: str) -> str:
    """Take "Fwd:", "Urgent:" and the like off a subject."""
    return " ".join(PREFIX.sub("", subject.strip()).split())


def _asks(text: str) -> bool:
    """Tell "move the mail to Exchange Online" from a sentence about somebody."""
    return role(text) != "have" and ABOUT_SOMEBODY.search(SOMEBODY.sub("", bare(text))) is None


def _labelled(needs: Sequence[Need], label_of: Mapping[str, str], town: str) -> str:
    labels = [label_of[key] for need in needs for key in need.competency_keys[:1] if key in label_of]
    named = ", ".join(dict.fromkeys(labels[:2]))
    return f"{named} in {town}"[:MAX_TITLE] if named and town else named[:MAX_TITLE]


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
