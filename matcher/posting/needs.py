"""A blind text becomes the needs in it, each with the competencies it names."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from matcher.glossary import in_english
from matcher.posting.cues import BACK_REFERENCE, bare, n_telling_letters, role, role_of_gloss
from matcher.posting.enumerations import listed
from matcher.posting.money import says_pay
from matcher.posting.sentences import Clause, clauses, ended
from matcher.terms import Need

MAX_NEEDS = 6
MIN_TELLING = 15
MIN_TELLING_ALONE = 20
SOMEBODY = re.compile(
    r"\b(?:someone|somebody|partner|specialist|expert|engineer|consultant|developer|jemand(?:en)?|quelqu'un"
    r"|alguien|iemand)\b",
    re.IGNORECASE,
)
# Where one sentence asks for two things: "a Citrix engineer and somebody for SAP Basis".
AND_ANOTHER = re.compile(
    r",?\s+(?:and(?: also)?|plus|as well as|sowie|und|et|y|en)\s+(?=(?:an?|one|two|three|\d|some|someone"
    r"|somebody|another|people|help|support|also|for|with|ein|eine|einen|jemand|jemanden"
    r"|zwei|un|une|quelqu'un|una|alguien|een|iemand)\b)|;\s+|,\s+(?=(?:an?|one|someone|somebody|ein|eine|einen"
    r"|un|une|een)\s)|\s+(?:and|plus|und)\s+",
    re.IGNORECASE,
)
ANOTHER = re.compile(
    r"\b(?:also|second|another|besides|separately|on top of (?:that|this)|furthermore|in addition|außerdem|zudem|auch"
    r"|getrennt|darüber hinaus|aussi|en outre|de plus|séparément|également|también|además|por separado|aparte|ook"
    r"|daarnaast|bovendien|apart|anche|inoltre|também|além disso|desuden|dessuten|også|dessutom|också|oprócz tego"
    r"|ponadto|również|dodatkowo|osobno|navíc|také|zvlášť)\b",
    re.IGNORECASE,
)

# "And, second thing, …": whoever counts on asks for it, whatever the words.
COUNTS_ON = re.compile(
    r"^(?:(?:and|und|et|y|e|en),?\s+)?(?:(?:the )?(?:second|third)(?:ly| (?:thing|matter|part|half))?"
    r"|another (?:thing|matter)|(?:die |eine )?zweite Sache|(?:la )?deuxième chose|(?:la )?segunda cosa|otra cosa"
    r"|(?:la )?seconda cosa|un'altra cosa|tweede punt)\s?[,:–-]",
    re.IGNORECASE,
)
MAX_ITEMS = 30
ITEMS = r"\d{1,2}(?:\s*(?:,|-|–|&|and|und|et|en|y|to|bis)\s*\d{1,2})*"
OWN_ITEMS = re.compile(
    rf"\bwe (?:can |will )?(?:do|handle|cover|take|keep)(?: (?:numbers?|no\.?|items?|points?|parts?))? (?P<a>{ITEMS})\b"
    rf"(?! (?:users|mailboxes|people|days|weeks|sites|of the|%))|\b(?P<b>{ITEMS}) (?:is|are) ours\b"
    rf"|\b(?P<c>{ITEMS}) (?:machen|übernehmen) wir\b",
    re.IGNORECASE,
)

Keys = Callable[[str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Part:
    """A clause with its role and the competencies it names."""

    text: str
    role: str
    keys: tuple[str, ...] = ()
    number: int = 0  # of the item in the poster's own list


@dataclass(slots=True)
class _Draft:
    """A need while its sentences are gathered."""

    texts: list[str] = field(default_factory=list)
    keys: tuple[str, ...] = ()
    number: int = 0

    def add(self, text: str, keys: Iterable[str]) -> None:
        if text not in self.texts:
            self.texts.append(text)
        self.keys = tuple(dict.fromkeys((*self.keys, *keys)))


def find_needs(text: str, *, linker_keys: Keys, own_keys: frozenset[str], language: str = "en") -> tuple[Need, ...]:
    """Return at most six needs; a text in which nothing is called a need is one need as a whole.

    `language` is the code of the language that the text is written in.
    """
    parts = _parts(_by_item(clauses(listed(text))), linker_keys, language)
    wanted = {key for part in parts if part.role in ("need", "want") for key in part.keys}
    dropped = frozenset(key for part in parts for key in part.keys if key in own_keys and key not in wanted)
    drafts = _merged(_drafts(parts, own_keys))
    _add_details(drafts, parts, own_keys)
    if not any(draft.keys for draft in drafts) and _is_all_one(drafts, parts):
        return _whole(text, parts, dropped=dropped, linker_keys=linker_keys)
    return tuple(_need(draft, linker_keys) for draft in _at_most(drafts))


def _is_all_one(drafts: list[_Draft], parts: list[_Part]) -> bool:
    """Tell whether a text that names nothing it asks for is one need: what is wanted stands elsewhere in it."""
    if len(drafts) > 1:
        return False
    said = n_telling_letters(" ".join(text for draft in drafts for text in draft.texts))
    return said < MIN_TELLING or any(part.keys for part in parts)


def is_vague(text: str, needs: Iterable[Need]) -> bool:
    """Say whether nobody could tell from the text what is wanted."""
    return not any(need.competency_keys for need in needs) and n_telling_letters(text) < MIN_TELLING


def _parts(found: Iterable[Clause], linker_keys: Keys, language: str) -> list[_Part]:
    """Items of a list take the role of the line above the list, unless they say their own.

    An item under no such line that names a competency is asked for: nobody lists what is not wanted.
    """
    parts: list[_Part] = []
    above = "other"
    for clause in found:
        keys = linker_keys(clause.text) if COUNTS_ON.match(clause.text) else ()
        own = "need" if keys else _role(clause.text, language)
        if not clause.listed:
            above = own if clause.text.endswith(":") else "other"
        if own == "other" and says_pay(clause.text):
            continue
        said = _role_of_item(clause, above, linker_keys) if clause.listed and own in ("other", "want") else own
        parts.extend(_split(_Part(clause.text, said, number=clause.number), linker_keys))
    return _without_own_items(parts)


def _by_item(found: Iterable[Clause]) -> list[Clause]:
    """Join what stands under one number of a list."""
    items: list[Clause] = []
    for clause in found:
        if clause.number and items and items[-1].number == clause.number:
            items[-1] = replace(clause, text=f"{ended(items[-1].text)} {clause.text}")
        else:
            items.append(clause)
    return items


def _role(text: str, language: str) -> str:
    """Say what a clause is by its own words, or by its English where those say nothing."""
    own = role(text)
    return role_of_gloss(in_english(text, language)) if own == "other" and language != "en" else own


def _role_of_item(clause: Clause, above: str, linker_keys: Keys) -> str:
    if clause.number and above != "have":
        return "need"
    return "need" if above == "other" and linker_keys(clause.text) else above


def _without_own_items(parts: list[_Part]) -> list[_Part]:
    """Leave out the items that the poster keeps: "we do 4 ourselves", "2 and 3 are ours"."""
    kept = {
        int(each)
        for part in parts
        for found in OWN_ITEMS.finditer(part.text)
        for each in _numbers(found["a"] or found["b"] or found["c"])
    }
    return [replace(part, role="have") if part.number in kept else part for part in parts]


def _numbers(words: str) -> list[int]:
    spans = [(int(low), int(high or low)) for low, high in re.findall(r"(\d+)(?:\s*[-–]\s*(\d+))?", words)]
    return [each for low, high in spans for each in range(low, min(high, low + MAX_ITEMS) + 1)]


def _split(part: _Part, linker_keys: Keys) -> list[_Part]:
    """Cut a need where its two halves name different competencies."""
    keys = linker_keys(part.text)
    if part.role == "need" and len(keys) > 1:
        for joint in AND_ANOTHER.finditer(part.text):
            left, right = part.text[: joint.start()], part.text[joint.end() :]
            if left.count("(") > left.count(")"):
                continue
            left_keys, right_keys = linker_keys(left), linker_keys(right)
            if left_keys and right_keys and not set(left_keys) & set(right_keys) and _stands_alone(right):
                return [_Part(left, "need", left_keys, part.number), *_split(replace(part, text=right), linker_keys)]
    return [replace(part, keys=keys)]


def _stands_alone(text: str) -> bool:
    return len(re.findall(r"[^\W\d_]{2,}", text)) >= 3


def _drafts(parts: list[_Part], own_keys: frozenset[str]) -> list[_Draft]:
    """What the customer wants counts too if the poster surely does not do it, or nothing else is named."""
    asked = [part for part in parts if part.role == "need"]
    drafts: list[_Draft] = []
    for at, part in enumerate(parts):
        wanted = (
            part.role == "want" and bool(own_keys or not any(one.keys for one in asked)) and set(part.keys) - own_keys
        )
        if part.role == "need" or wanted:
            drafts.append(_draft(parts, at))
    return [draft for draft in drafts if draft.keys or n_telling_letters(" ".join(draft.texts)) > 0]


def _draft(parts: list[_Part], at: int) -> _Draft:
    """A need that only says 'this' takes in the sentence before that says what."""
    part = parts[at]
    draft = _Draft(number=part.number)
    if not part.keys and BACK_REFERENCE.search(part.text):
        before = next((one for one in reversed(parts[:at]) if one.keys and one.role in ("want", "other")), None)
        if before:
            draft.add(before.text, before.keys)
    draft.add(part.text, part.keys)
    return draft


def _add_details(drafts: list[_Draft], parts: list[_Part], own_keys: frozenset[str]) -> None:
    """A sentence that asks for nothing joins the need it speaks about, in the order of the text.

    What "we" have joins too unless the poster does that itself: in a forwarded mail it is the customer who speaks.
    """
    order = {part.text: at for at, part in enumerate(parts)}
    for part in parts:
        draft = next((one for one in drafts if set(one.keys) & set(part.keys)), None)
        told = part.role in ("want", "other") or (part.role == "have" and not own_keys.intersection(part.keys))
        if draft and told:
            draft.add(part.text, ())
            draft.texts.sort(key=lambda text: order.get(text, len(order)))


def _merged(drafts: list[_Draft]) -> list[_Draft]:
    """Join needs about the same competency, and those that name none to the need before."""
    merged: list[_Draft] = []
    for draft in drafts:
        same = next((one for one in merged if _same(one, draft)), None)
        if same is None:
            merged.append(draft)
            continue
        for text in draft.texts:
            same.add(text, draft.keys)
    return _without_keyless(merged)


def _same(one: _Draft, other: _Draft) -> bool:
    mine, theirs = set(one.keys), set(other.keys)
    return bool(mine and theirs) and (mine <= theirs or theirs <= mine or one.keys[0] == other.keys[0])


def _without_keyless(drafts: list[_Draft]) -> list[_Draft]:
    telling = [draft for draft in drafts if draft.keys or _stands_apart(draft, drafts)]
    if not any(draft.keys for draft in telling):
        return _each_other(drafts)
    for draft in drafts:
        if draft not in telling:
            telling[-1].add(" ".join(draft.texts), ())
    return telling


def _each_other(drafts: list[_Draft]) -> list[_Draft]:
    """Where nothing is named, a need of its own begins with each number, and with "also somebody who"."""
    groups: list[list[_Draft]] = []
    for draft in drafts:
        apart = draft.number or (SOMEBODY.search(draft.texts[0]) and ANOTHER.search(draft.texts[0]))
        if apart and n_telling_letters(" ".join(draft.texts)) >= MIN_TELLING or not groups:
            groups.append([])
        groups[-1].append(draft)
    return [_joined(group) for group in groups]


def _stands_apart(draft: _Draft, drafts: list[_Draft]) -> bool:
    """A need in words that no competency knows is still one, unless it is just more about the one before."""
    text = " ".join(draft.texts)
    if draft.number and n_telling_letters(text) >= MIN_TELLING:
        return True
    comes_first = not any(one.keys for one in drafts[: drafts.index(draft)])
    says_more = n_telling_letters(text) >= MIN_TELLING_ALONE and SOMEBODY.search(text) is not None
    return says_more and (comes_first or ANOTHER.search(text) is not None)


def _joined(drafts: list[_Draft]) -> _Draft:
    whole = _Draft()
    for draft in drafts:
        for text in draft.texts:
            whole.add(text, draft.keys)
    return whole


def _at_most(drafts: list[_Draft]) -> list[_Draft]:
    """The sixth need takes in all that follow."""
    return [*drafts[: MAX_NEEDS - 1], _joined(drafts[MAX_NEEDS - 1 :])] if len(drafts) > MAX_NEEDS else drafts


def _need(draft: _Draft, linker_keys: Keys) -> Need:
    text = " ".join(ended(bare(one)) for one in draft.texts).strip()
    return Need(text, tuple(key for key in linker_keys(text) or draft.keys if key in draft.keys) or draft.keys)


def _whole(text: str, parts: list[_Part], *, dropped: frozenset[str], linker_keys: Keys) -> tuple[Need, ...]:
    """One need for the whole text, without what the poster can do and only mentions as its own part."""
    flat = " ".join(text.split())
    if not flat:
        return ()
    foreign = [part.text for part in parts if part.role != "have" or set(part.keys) - dropped]
    kept = " ".join(ended(one) for one in foreign) or flat
    return (Need(kept, tuple(key for key in linker_keys(flat) if key not in dropped)),)
