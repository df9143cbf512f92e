"""What is known of a partner becomes capabilities: texts worth embedding, each with where it comes from."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from matcher.ranking.hashing import normalised, text_hash
from matcher.terms import Badge, BenchPerson, Capability, Collaboration, Competency, Partner

SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^a-z\s])|\s*\n\s*[-*•]?\s*")
# What a firm refuses must not be found as something that it does, in the languages in which profiles come.
REFUSES = re.compile(
    r"\b(?:we|i) (?:do not|don['’]t|never|won['’]t|will not|can ?not|can['’]t|no longer|refuse|stopped)\b"
    r"|\b(?:don['’]t|do not) (?:ask|call|phone|write|come)\b|\bnot (?:for us|our (?:thing|business|trade|job))\b"
    r"|\b(?:machen|bieten|verkaufen|können|führen|sind) wir (?:kein|nicht)|\bwir (?:\w+ )?(?:keine?n?|nicht)\b"
    r"|\b(?:nous ne|on ne|wij \w+ geen|we \w+ geen|vi \w+ (?:inte|ikke)|não (?:faze|vende|trata)mos"
    r"|no (?:hace|vende|trabaja)mos|non (?:faccia|vendia)mo|nie \w+my)\b"
    r"|^(?:and |und )?(?:no|nothing|neither|keine?n?|nicht|pas de|geen|nada de|sin|sem|nie)\b"
    r"|\b(?:never|neither|nicht|keine|nie \w+my)\W*$",
    re.IGNORECASE,
)
JOINT = re.compile(r"(\s*[;:–—]\s+|,\s+(?:but|aber|mais|maar|men|pero|mas)\s+|\s*,\s+)")
SUBJECT = re.compile(r"\b(?:we|i|it|they|you|our|wir|ich|nous|je|wij|vi|noi)\b", re.IGNORECASE)
# "What we don't do:" refuses the whole list below it.
HEADED_LIST = re.compile(
    r"^(?P<heading>[^\n.!?]{0,80})\n(?:[ \t]*\n)?(?:[ \t]*[-*•·–][ \t]+[^\n]*(?:\n|\Z))+", re.MULTILINE
)
HEADING = re.compile(r"(?:what|was|ce que|lo que|wat|cosa|vad|hvad|hva|czego)\b|.*:\s*$", re.IGNORECASE)
SHORTEST_WORDS = 3

Describe = Callable[[Competency], str]
Link = Callable[[str], tuple[str, ...]]


def described(competency: Competency) -> str:
    """Return label and definition: a bare label misleads the encoder."""
    return f"{competency.label}: {competency.definition}" if competency.definition else competency.label


def capabilities_of(
    partner: Partner,
    *,
    profile: str,
    badges: Iterable[Badge],
    people: Iterable[BenchPerson],
    collaborations: Iterable[Collaboration],
    competencies: Mapping[str, Competency],
    link: Link,
    describe: Describe = described,
) -> tuple[Capability, ...]:
    """Return what the partner can do, one capability a text; a text that comes twice keeps its first source.

    `collaborations` may hold anybody's: only those where the partner did the part count. `link` finds the competency
    keys of a text, most important first.
    """
    found: dict[str, Capability] = {}
    mine = partner.id
    texts = (
        *_from_work((one for one in collaborations if one.partner_id == mine), competencies),
        *_from_profile(profile, link),
        *_from_declared(partner.practices, competencies, describe),
        *_from_badges((one for one in badges if one.partner_id == mine), competencies, describe),
        *_from_bench((one for one in people if one.partner_id == mine), competencies, describe),
    )
    for text, key, source, evidence in texts:
        capability = Capability(mine, text, text_hash(text), key, source, evidence)
        found.setdefault(capability.text_hash, capability)
    return tuple(found.values())


def work_text(collaboration: Collaboration, competencies: Mapping[str, Competency]) -> str:
    """Return the text under which a piece of past work is embedded: what was done and what kind of work that is."""
    competency = competencies.get(collaboration.competency_key)
    label = competency.label if competency else ""
    return ": ".join(part for part in (label, normalised(collaboration.summary)) if part)


def sentences(profile: str) -> tuple[str, ...]:
    """Cut a profile into what it says that the firm does; clauses in which it refuses something are left out."""
    done = HEADED_LIST.sub(_not_refused, profile.strip())
    kept = (_without_refusals(normalised(one)).rstrip(".") for one in SENTENCE_END.split(done))
    return tuple(one for one in kept if len(one.split()) >= SHORTEST_WORDS)


def refuses(text: str) -> bool:
    """Tell whether words say what the firm does not do."""
    return bool(REFUSES.search(text))


def _not_refused(found: re.Match[str]) -> str:
    heading = found["heading"].strip()
    is_heading = heading.isupper() or HEADING.match(heading) is not None
    return "" if is_heading and refuses(heading) else found.group()


def _without_refusals(sentence: str) -> str:
    if not refuses(sentence):
        return sentence
    pieces = JOINT.split(sentence)
    kept, refused = "", False
    for joint, clause in zip(["", *pieces[1::2]], pieces[::2], strict=True):
        # "no servers, desktops or phones": behind a comma, words without a subject of their own are refused too.
        goes_on = refused and joint.strip() in (",", ":") and not SUBJECT.search(clause)
        refused = goes_on or refuses(clause)
        kept += "" if refused else f"{joint if kept else ''}{clause}"
    return kept


_Said = tuple[str, str, str, str]


def _from_profile(profile: str, link: Link) -> Iterator[_Said]:
    for sentence in sentences(profile):
        keys = link(sentence)
        yield sentence, keys[0] if keys else "", "profile", "your profile"


def _from_declared(keys: Iterable[str], competencies: Mapping[str, Competency], describe: Describe) -> Iterator[_Said]:
    for key in keys:
        if key in competencies:
            yield describe(competencies[key]), key, "declared", "what you said you sell"


def _from_badges(
    badges: Iterable[Badge], competencies: Mapping[str, Competency], describe: Describe
) -> Iterator[_Said]:
    for badge in badges:
        competency = competencies.get(badge.competency_key)
        if competency:
            yield describe(competency), badge.competency_key, "badge", _badge_phrase(badge, competency)


def _badge_phrase(badge: Badge, competency: Competency) -> str:
    until = f", until {badge.expires_on:%Y-%m}" if badge.expires_on else f", since {badge.awarded_on:%Y-%m}"
    return f"{badge.level} {competency.label}{until}{', by your word' if badge.source else ''}"


def _from_bench(
    people: Iterable[BenchPerson], competencies: Mapping[str, Competency], describe: Describe
) -> Iterator[_Said]:
    for person in people:
        for key in person.competency_keys:
            if key in competencies:
                yield describe(competencies[key]), key, "bench", "your people"


def _from_work(works: Iterable[Collaboration], competencies: Mapping[str, Competency]) -> Iterator[_Said]:
    for one in works:
        text = work_text(one, competencies)
        if text:
            yield text, one.competency_key, "collaboration", f"work in {one.ended_on.year}"
