"""Items that stand in running text ("First: …", "(a) … (b) …") become lines of a numbered list."""

import re

# Words that count by themselves, and words that only do so before a comma or a colon.
COUNTING = (
    (
        r"firstly|first of all|in the first place|erstens|zum einen|premièrement|en premier lieu|en primer lugar"
        r"|in primo luogo|em primeiro lugar|ten eerste|for det første|för det första|po pierwsze|za ?prvé",
        r"first|one|number one|thing one|(?:das|der|die) erste|als erstes|zuerst|d'abord|primo|primero|lo primero"
        r"|primeiro|prima|eerst|først|först|najpierw|nejprve|nejdřív",
    ),
    (
        r"secondly|in the second place|zweitens|zum anderen|deuxièmement|en second lieu|en segundo lugar"
        r"|in secondo luogo|em segundo lugar|ten tweede|for det andet|for det andre|för det andra|po drugie|za ?druhé",
        r"second|two|number two|thing two|(?:das|der|die) zweite|als zweites|ensuite|secundo|segundo|lo segundo|secondo"
        r"|poi|daarna|dernæst|så|potem|potom",
    ),
    (
        r"thirdly|in the third place|drittens|troisièmement|en tercer lugar|in terzo luogo|em terceiro lugar|ten derde"
        r"|for det tredje|för det tredje|po trzecie|za ?třetí",
        r"third|three|number three|thing three|(?:das|der|die) dritte|als drittes|enfin|tercero|terzo|terceiro|tot slot"
        r"|til sidst|slutligen",
    ),
    (
        r"fourthly|viertens|quatrièmement|en cuarto lugar|ten vierde|for det fjerde|för det fjärde|po czwarte"
        r"|za ?čtvrté",
        r"fourth|four|number four|cuarto|quarto",
    ),
)
START = r"(?:^|(?<=[.!?;:\n]))(?P<space>\s*)(?:(?:and|und|et|y|en|e|og|och|a|i)\s+)?"
COUNTED = tuple(
    re.compile(rf"{START}(?:(?:{sure})\b[,:.]?|(?:{unsure})[ ]?[:,])\s+(?=\S)", re.IGNORECASE | re.MULTILINE)
    for sure, unsure in COUNTING
)
MARKED = re.compile(r"(?<!\w)(?P<open>\(?)(?P<mark>[a-f]|[1-9])\)\s+(?=[^\W\d_])")
FIRST_MARKS = ("a", "1")
SHORTEST_ITEM = 6


def listed(text: str) -> str:
    """Put each counted item on a line of its own, with its number; a text that counts nothing stays as it is."""
    text = _with_lines(text, _marks(text))
    return _with_lines(text, _words(text))


def _words(text: str) -> list[tuple[int, int, int]]:
    """Find "first", "second" …, each behind the one before: (begin, end, number)."""
    found: list[tuple[int, int, int]] = []
    for number, pattern in enumerate(COUNTED, start=1):
        one = pattern.search(text, found[-1][1] if found else 0)
        if one is None:
            break
        found.append((one.start(), one.end(), number))
    return found


def _marks(text: str) -> list[tuple[int, int, int]]:
    """Find the marks of a list that is written on in one line, as long as they count on."""
    for first in FIRST_MARKS:
        found: list[tuple[int, int, int]] = []
        for one in MARKED.finditer(text):
            if one["mark"] == chr(ord(first) + len(found)):
                found.append((one.start(), one.end(), len(found) + 1))
        if len(found) > 1:
            return found
    return []


def _with_lines(text: str, marks: list[tuple[int, int, int]]) -> str:
    ends = [begin for begin, *_ in marks[1:]] + [len(text)]
    if len(marks) < 2 or any(end - begin < SHORTEST_ITEM for (_, begin, _), end in zip(marks, ends, strict=True)):
        return text
    pieces, done = [], 0
    for begin, end, number in marks:
        pieces += [text[done:begin].rstrip(), f"\n{number}) "]
        done = end
    return "".join([*pieces, text[done:]]).lstrip("\n")
