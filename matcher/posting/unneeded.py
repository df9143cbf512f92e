"""A sentence such as "we don't need SharePoint" and a reading become the reading without what is not needed."""

import re
from collections.abc import Callable
from dataclasses import replace

from matcher.posting.sentences import clauses
from matcher.terms import Need, Reading

Keys = Callable[[str], tuple[str, ...]]

REFUSED = re.compile(
    r"^\W*(?:no|not|without|nothing with|kein\w*|nicht|ohne|pas(?: de)?|sans|sin|nada de|geen|niet|zonder|senza"
    r"|niente|bez"
    r"|ingen|inget|utan|ikke|uden)\s+(?!(?:only|we|it|i|our|sorry|but|wir|es|nous|wij)\b)"
    r"|\b(?:do not|don['’]t|does not|doesn['’]t|no longer|needn['’]t|not) (?:need|want|require|look\w* for|ask\w* for)"
    r"|\bno need (?:for|of)\b|\b(?:is|are) (?:not|no longer) (?:needed|required|wanted|part of)\b|\bout of scope\b"
    r"|\b(?:brauchen|benötigen|suchen) (?:wir )?(?:kein\w*|nicht)|\bwird nicht (?:gebraucht|benötigt)\b|\bpas besoin\b"
    r"|\bn['’]avons (?:pas|plus) besoin\b|\bno (?:necesitamos|buscamos)\b|\b(?:hebben|zoeken) (?:wij |we )?geen\b"
    r"|\bniet nodig\b|\bnon (?:serve|servono|cerchiamo)\b|\bnie potrzeb\w+|\bbehöver (?:vi )?(?:inte|ingen)\b",
    re.IGNORECASE,
)
INSTEAD = re.compile(
    r"[,;]?\s*\b(?:but|only|just|instead|sondern|nur|mais|seulement|sino|solo|maar|alleen|ma|bara|utan)\b",
    re.IGNORECASE,
)


def without_unneeded(reading: Reading, answer: str, *, linker_keys: Keys) -> tuple[Reading, str]:
    """Take out of the needs what the answer does not want, and let partners read that; return the rest of it too.

    A need is gone when nothing else is asked for in it, unless it is the last.
    """
    refused, rest = list[str](), list[str]()
    for one in clauses(answer):
        head, *behind = INSTEAD.split(one.text, maxsplit=1)
        is_refused = REFUSED.search(head) is not None and bool(linker_keys(head))
        refused.extend([head] if is_refused else [])
        rest.extend(behind if is_refused else [one.text])
    if not refused:
        return reading, answer
    keys = {key for one in refused for key in linker_keys(one)}
    lessened = [_less(need, keys) for need in reading.needs]
    left = [new for old, new in zip(reading.needs, lessened, strict=True) if new.competency_keys or new == old]
    blind = "\n\n".join((reading.blind_text, *refused))
    return replace(reading, needs=tuple(left or lessened[:1]), blind_text=blind), "\n".join(rest).strip()


def _less(need: Need, keys: set[str]) -> Need:
    return Need(need.text, tuple(key for key in need.competency_keys if key not in keys))
