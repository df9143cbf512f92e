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
    r"^(?:(?:re|i|r|fwd?|aw|wg|tr|rv|sv|vb|vs|antw|doorst|enc|odp|pd)\s*:\s*|\[[^\]]{0,40}\]\s*"
    r"|(?:new )?(?:posting|post|request|enquiry|inquiry|anfrage|demande|help|urgent|urgente|dringend|eilig|spoed|pilne"
    r"|wanted|partner wanted|gesucht|a customer)\s*[:!–-]\s*)+",
    re.IGNORECASE,
)
SOMEBODY = re.compile(
    r"^(?:somebody|someone|anybody|a (?:partner|firm|person|team|specialist|company)|people|a pair of hands)\s+"
    r"(?:(?:who|that)\s+(?:can|could|will|would|is able to|knows how to)\s+|to\s+"
    r"|(?:who|that)\s+(?!(?:has|is|was|knows|speaks|understands|owns|lives|sells|wants|needs|likes)\b)"
    r"(?P<verb>[a-z]{2,12}s)\b)",
    re.IGNORECASE,
)
# "… and stays for the morning", "…, does not read from a sheet": a verb more, not "mailboxes and calendars".
NEXT_VERB = re.compile(
    r"(?P<joint>,\s+(?:and\s+)?(?:then\s+)?|\s+and\s+(?:then\s+)?)(?P<verb>"
    r"(?:stays|comes|goes|sits|stands|talks|speaks|waits|looks|travels)(?=\s+[a-z])"
    r"|[a-z]{2,12}s(?=\s+(?:the|an?|our|their|his|its|my|your|this|these|them|it|us|him|her|everything|everybody"
    r"|not)\b))"
)
ABOUT_SOMEBODY = re.compile(
    r"\b(?:we|us|our|i|they|he|she|you|it|this|that|these|nobody|none|boss|customers?|clients?|hotel|wir|ich|sie|uns|kunden?|nous"
    r"|on|ils|elles?|wij|ze|zij|nosotros|hemos|nos|klant|one)\b|'(?:s|re|ve)\b",
    re.IGNORECASE,
)
LAST_VERB = re.compile(r"(?P<joint>,\s+and\s+)(?P<verb>[a-z]{2,12}s)(?=\s+[a-z])")
CLAUSE_END = re.compile(r"[.!?]\s|[;:(]|\s[–—-]\s|,\s")
AND = re.compile(r"\s(?:and|or|und|oder|et|ou|og|och)\s")
BOTH_SIDES = re.compile(r"\b(?:between|both|zwischen|sowohl|entre)\b", re.IGNORECASE)
LEFT_OUT = re.compile(r"\s*\[[a-z ]{1,20}removed\]")


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
    """Turn "somebody who moves the mail and stays" into "move the mail and stay": the work, not who is wanted."""
    found = SOMEBODY.match(text)
    if found is None:
        return re.sub(r"^(?:Jemanden|jemanden)(?=,? )", "Jemand", text)
    if found["verb"] is None:
        return text[found.end() :].strip() or text
    rest, n_more = NEXT_VERB.subn(_in_base, text[found.end() :])
    return f"{_base(found['verb'])}{LAST_VERB.sub(_in_base, rest) if n_more else rest}".strip()


def _in_base(verb: re.Match[str]) -> str:
    return f"{verb['joint']}{_base(verb['verb'])}"


def _base(verb: str) -> str:
    """Turn what somebody does into what is to do: moves, carries, fixes."""
    if re.search(r"[^aeiou]ies$", verb, re.IGNORECASE) and len(verb) > len("dies"):
        return f"{verb[:-3]}y"
    return verb[:-2] if re.search(r"(?:ss|sh|ch|x|o)es$", verb, re.IGNORECASE) else verb[:-1]


def _fit(text: str) -> str:
    """Cut at the end of a clause, before an "and", or after a word."""
    text = _named(LEFT_OUT.sub("", text))
    first = re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0].rstrip(" .,;:–-")
    if len(first) > MAX_TITLE:
        first = _cut(first)
    first = first.rstrip(" .,;:–-") if first.count('"') % 2 == 0 else first.replace('"', "").strip(" .,;:–-")
    return first[:1].upper() + first[1:] if first else UNTITLED


def _cut(text: str) -> str:
    ends = [end.start() for end in CLAUSE_END.finditer(text) if 25 <= end.start() <= MAX_TITLE]
    ands = [end.start() for end in AND.finditer(text) if 40 <= end.start() <= MAX_TITLE]
    if ands and BOTH_SIDES.search(text[: ands[-1]]):
        ands = []
    cut = text[: (ends or ands or [0])[-1]]
    whole = cut[: cut.rindex("(")] if cut.count("(") > cut.count(")") else cut
    return whole if n_telling_letters(whole) >= TELLING else f"{text[: MAX_TITLE - 1].rsplit(' ', 1)[0]}…"
