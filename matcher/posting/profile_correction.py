"""A profile and its owner's answer in plain words become the corrected profile: what the answer says goes before."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace

from matcher.posting.cues import n_telling_letters
from matcher.posting.edits import NUMBER, Edit, changed, find_edits
from matcher.posting.gazetteer import CITY_CODES
from matcher.posting.headcount import n_people
from matcher.posting.listed import clearances_named, industries_named
from matcher.posting.places import PLACE
from matcher.posting.profile import FIRM, competencies_of, refuses
from matcher.posting.profile_facts import data_places, languages_said, seat, town_said
from matcher.posting.sentences import clauses, letter
from matcher.terms import Profile

Keys = Callable[[str], tuple[str, ...]]

# A part of a sentence or of a list, and what stands before it.
PART = re.compile(
    r"(?P<joint>\s*[,;/&]\s*|\s*\n\s*(?:[-*•·]\s*)?|(?<=[.!?])\s+|\s+(?:and|und|et|y|en|e|og|och|oraz|i|a)\s+(?=\S))"
)
END = re.compile(r"[.!?]+$")
# "no, the place is Leeds": the answer to "is it right?", and nothing that is refused.
LEAD = re.compile(
    r"^\W*(?:(?:no|nope|yes|ok|sorry|actually|wrong|but|and|nein|ja|aber|non|oui|mais|sí|si|pero|nee|maar|nej|men|nie"
    r"|ale)"
    r"(?:\s*[,.:;!–-]+\s*|\s+(?=(?:but|sorry|we|it|i|our|the|wir|es|nous|notre|somos|wij|siamo|vi)\b)))+",
    re.IGNORECASE,
)
NAMED_AS = re.compile(
    r"(?i:\b(?:we(?: are|'re|’re) called|(?:our|the|my) (?:firm|company|business"
    r"|(?<!my )name)(?:['’]s name)?(?: of (?:our"
    r"|the) \w+)?"
    r" (?:is|should be|must be)(?: called)?|it(?:['’]s| is) called|we call ourselves|wir heißen|unsere Firma heißt"
    r"|nous nous appelons|nos llamamos|wij heten|ci chiamiamo|vi heter|nazywamy się)[ \t]+"
    r"|^\W*(?:(?:correct|right|full|new|our|the) )?(?:firm|company|name|firma|société|empresa|bedrijf|nom"
    r"|naam)[ \t]*[:=][ \t]*)"
    rf"{FIRM}"
)
# "we speak German and Dutch", "languages: German": these and no others; "one of us speaks Dutch": one more.
ALL_LANGUAGES = re.compile(
    r"^\W*(?:languages?|sprachen?|langues?|idiomas?|talen|lingue|språk|sprog|języki|we (?:only )?speak"
    r"|we (?:only )?work in"
    r"|our languages? (?:is|are)|wir sprechen|nous parlons|hablamos|(?:wij|we) spreken|parliamo|falamos|mówimy"
    r"|vi talar)\b",
    re.IGNORECASE,
)
MORE = re.compile(
    r"\b(?:also|too|as well|auch|aussi|también|ook|anche|também|även|også|też|plus|add|and also)\b", re.IGNORECASE
)
ONLY = re.compile(r"\b(?:only|just|nur|seulement|solo|alleen|soltanto|apenas|bara|kun|tylko)\b|:", re.IGNORECASE)
WRONG = re.compile(
    r"\b(?:is|are|was) (?:wrong|incorrect|not (?:right|correct|true))\b|\bist falsch\b|\bstimmt nicht\b|\best faux\b"
    r"|\bklopt niet\b|\bes incorrecto\b|\bè sbagliato\b",
    re.IGNORECASE,
)
# "no Exchange any more, only Teams": behind these stands what the firm does.
INSTEAD = re.compile(
    r"[,;]?\s*\b(?:but|only|just|instead|nur|sondern|dafür|stattdessen|mais|seulement|pero|sino|solo|maar|alleen|ma"
    r"|bara|utan)\b",
    re.IGNORECASE,
)
NO_MORE = re.compile(
    r"\b(?:haven['’]t|have not|hasn['’]t|has not) (?:done|sold|offered|touched)\b|\b(?:nobody|no one|none of us|niemand"
    r"|personne|nadie)\b|\b(?:no longer|not any ?more|nicht mehr)\W*$",
    re.IGNORECASE,
)
LABELLED = re.compile(r"^\W*(?:where|people|firm|languages|clearances|may hold data in|country|town)[ \t]*[:=]", re.I)
SENTENCE_JOINT = re.compile(r"\s+|\s*\n\s*(?:[-*•·]\s*)?")
MOST_WORDS = 300  # of what is refused; more names nothing that its firm would miss
SHORT, LONG = 6, 12  # words of a bare answer ("Leeds, UK"), and of a sentence that may be nothing but a fact
MIN_TELLING = 4


def correct_profile(before: Profile, answer: str, *, linker_keys: Keys) -> Profile:
    """Change what the answer names, add what it adds; of what it does not speak of nothing changes.

    `before.missing` names the facts that were asked for, which a bare name or town then answers.
    """
    said = list(dict.fromkeys(_said(answer)))
    edits = dict.fromkeys(edit for one in said for edit in find_edits(one))
    after, kept = _edited(before, edits, linker_keys), list[str]()
    for one in said:
        told = _with_facts(after, one)
        if not _is_spent(one, before, is_fact=told != after, linker_keys=linker_keys):
            kept.append(one)
        after = told
    refused = _named_in([one for one in said if _refuses(one)], linker_keys)
    text = "\n".join((_without(after.text, refused, linker_keys), *kept)).strip()
    added = industries_named("\n".join(one for one in said if not _refuses(one)))
    after = replace(after, text=text, industries=tuple(dict.fromkeys((*after.industries, *added))))
    return _reread(before, after, refused, linker_keys)


def _said(answer: str) -> Iterator[str]:
    """Yield what an answer says, clause by clause; of "no Exchange, only Teams" what is refused and what is not."""
    for one in clauses(letter(answer).body):
        text = LEAD.sub("", one.text)
        head, *behind = INSTEAD.split(text, maxsplit=1)
        yield from (head, *behind) if behind and _refuses(head) else (text,)


def _edited(before: Profile, edits: Iterable[Edit], linker_keys: Keys) -> Profile:
    """Change the very words that the answer names; what is removed and can be done is gone as if it were refused."""
    refused = [each.old for each in edits if not each.new and linker_keys(each.old)]
    others = [each for each in edits if each.old not in refused]
    text = _without(changed(before.text, others), refused, linker_keys)
    return _recounted(replace(before, text=text, name=changed(before.name, others) or before.name), others)


def _recounted(after: Profile, edits: Iterable[Edit]) -> Profile:
    """Of "3, not 2" the old number tells that people are counted."""
    for each in edits:
        old, new = NUMBER.match(each.old), NUMBER.match(each.new)
        if old and new and old.group() == str(after.n_people) and new.group().isdigit():
            return replace(after, n_people=int(new.group()))
    return after


def _with_facts(after: Profile, said: str) -> Profile:
    named = NAMED_AS.search(said)
    name = named["name"].rstrip(" .,;:-") if named else _bare_name(said) if "name" in after.missing else ""
    country, city = _moved(after, said)
    return replace(
        _with_lists(after, said),
        name=name or after.name,
        country=country,
        city=city,
        n_people=n_people(said) or after.n_people,
    )


def _moved(after: Profile, said: str) -> tuple[str, str]:
    """Say where the firm is now; a town that no list has leaves the country as it was."""
    country, city = seat(said, is_asked="country" in after.missing or len(said.split()) <= SHORT)
    if not country:
        return after.country, town_said(said) or after.city
    return country, city or town_said(said) or (after.city if CITY_CODES.get(after.city) == country else "")


def _bare_name(said: str) -> str:
    """Of "Bright IT, Leeds" the part that is no place."""
    parts = [part.strip(" .") for part in re.split(r"[,;:]\s", said)]
    return next((part for part in parts if re.fullmatch(FIRM, part) and not PLACE.search(part)), "")


def _with_lists(after: Profile, said: str) -> Profile:
    speaks = languages_said(said)
    only = bool(ONLY.search(said))
    all_of_them = (only or bool(ALL_LANGUAGES.match(said))) and not MORE.search(said)
    return replace(
        after,
        languages=_listed(after.languages, speaks, said, only=all_of_them),
        clearances=_listed(after.clearances, clearances_named(said), said),
        jurisdictions=_listed(after.jurisdictions, data_places(said), said, only=only),
    )


def _listed(before: tuple[str, ...], said: tuple[str, ...], words_said: str, *, only: bool = False) -> tuple[str, ...]:
    """Add what is said, take away what is refused; `only`: what is said and nothing else."""
    if not said:
        return before
    if _refuses(words_said):
        return tuple(one for one in before if one not in said)
    return said if only else tuple(dict.fromkeys((*before, *said)))


def _is_spent(said: str, before: Profile, *, is_fact: bool, linker_keys: Keys) -> bool:
    """Tell a question, an instruction or a bare fact, which would read oddly among the words of a profile."""
    told = f"{before.name}\n{before.text}".casefold()
    if said.endswith("?") or any(not each.new or each.old.casefold() in told for each in find_edits(said)):
        return True
    if LABELLED.match(said) or _refuses(said) and competencies_of(said, linker_keys):
        return True
    names = bool(linker_keys(said))
    bare = not names and len(said.split()) <= LONG
    empty = not names and n_telling_letters(said) < MIN_TELLING
    return empty or bare and is_fact or WRONG.search(said) is not None


def _refuses(said: str) -> bool:
    return refuses(said) or WRONG.search(said) is not None or NO_MORE.search(said) is not None


def _without(text: str, names: Collection[str], linker_keys: Keys) -> str:
    """Take out of a profile what the firm no longer does, word for word, else whatever is of the same kind."""
    if not names:
        return text
    there = [name for name in names if _pattern([name]).search(text)]
    named = _pattern(there)
    keys = {key for name in names if name not in there for key in linker_keys(name)}
    return _without_parts(
        text, lambda part: bool(named.search(part) or keys and keys.issuperset(linker_keys(part) or ("",)))
    )


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names) or "(?!)", re.IGNORECASE)


def _named_in(refusals: Iterable[str], linker_keys: Keys) -> list[str]:
    """List the words that name a competency in what is refused, each once."""
    words = [word for one in refusals for word in (*re.findall(r"[^\s,;:.!?()]+", one), "")]
    return list(dict.fromkeys(_names(words[:MOST_WORDS], linker_keys)))


def _names(told: list[str], linker_keys: Keys) -> Iterator[str]:
    """Yield what is named in a row of words, the longest first; none of them stands in another."""
    taken = set[int]()
    for length in range(4, 0, -1):
        for at in range(len(told) - length + 1):
            window, phrase = range(at, at + length), " ".join(told[at : at + length])
            is_whole = all(told[at : at + length]) and taken.isdisjoint(window)
            if is_whole and linker_keys(phrase) and not _is_longer_than_needed(phrase, linker_keys):
                taken.update(window)
                yield phrase


def _is_longer_than_needed(phrase: str, linker_keys: Keys) -> bool:
    first, _, rest = phrase.partition(" ")
    most, _, last = phrase.rpartition(" ")
    keys = linker_keys(phrase)
    return bool(rest) and (linker_keys(rest) == keys or linker_keys(most) == keys)


def _without_parts(text: str, is_gone: Callable[[str], bool]) -> str:
    """Leave out parts of sentences and lists; the mark that ends a sentence stays."""
    pieces = ["", *PART.split(text)]
    kept, opens = "", ""
    for joint, part in zip(pieces[::2], pieces[1::2], strict=True):
        starts = not joint or SENTENCE_JOINT.fullmatch(joint) is not None
        opens = joint if starts else opens  # what stands before a sentence whose first part is gone
        if not is_gone(part):
            kept += (opens or joint) + part if kept else part
            opens = ""
        elif kept and not opens and (mark := END.search(part)) and not END.search(kept):
            kept += mark.group()
    return kept


def _reread(before: Profile, after: Profile, refused: Iterable[str], linker_keys: Keys) -> Profile:
    """Read the new words for what was added and what is gone; what its owner ticked besides stays ticked."""
    old, new = competencies_of(before.text, linker_keys), competencies_of(after.text, linker_keys)
    gone = {*old, *(key for name in refused for key in linker_keys(name))} - {*new}
    keys = dict.fromkeys((*before.competency_keys, *(key for key in new if key not in old)))
    return replace(after, competency_keys=tuple(key for key in keys if key not in gone))
