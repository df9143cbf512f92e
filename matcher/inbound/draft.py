"""How a letter with numbered choices is answered, and the answer as far as it has been read."""

import re
from dataclasses import dataclass, field

from matcher.inbound.pieces import LAST, NTH
from matcher.terms import Act


@dataclass(frozen=True, slots=True)
class Grammar:
    """How one kind of letter is answered: its noun, an example, one that needs no number, and the act of each verb."""

    noun: str
    example: str
    numberless: str
    default: str
    acts: dict[str, str]
    asks: tuple[str, ...] = ("ask",)


DIGEST = Grammar(
    "offers",
    "2 yes",
    "stop",
    "yes",
    {"yes": "yes", "no": "no", "later": "later", "none": "no", "stop": "stop"},
    ("ask", "refer"),
)
INTERESTED = Grammar(
    "interested partners",
    "1 3",
    "extend",
    "choose",
    {"yes": "choose", "no": "no", "none": "none", "extend": "extend", "close": "stop", "stop": "stop"},
)


@dataclass(slots=True)
class Draft:
    """The acts read so far, what still waits for its number, and the first thing that could not be told."""

    grammar: Grammar
    numbers: tuple[int, ...]  # of the choices, as the letter shows them, lowest first
    acts: list[Act] = field(default_factory=list)
    bare: str = ""  # a verb that still waits for its number
    bare_words: str = ""
    bare_remark: str = ""
    rest: str = ""
    problem: str = ""
    doubt: str = ""  # the problem to tell when nothing else was said
    ends_with_question: bool = False
    bare_numbers: tuple[int, ...] = ()  # said without a verb, so that a question beside them makes them none
    aside: str = ""  # the first question or wish to know more on a line of its own
    n_unsaid: int = 0  # acts at the end that came from numbers without a verb, in the clause just before

    @property
    def example(self) -> str:
        return self.adapted(self.grammar.example) if self.numbers else f"{self.grammar.numberless}"

    def adapted(self, example: str) -> str:
        """Let an example name only numbers that the letter has."""
        if not self.numbers:
            return self.grammar.numberless
        if len(self.numbers) == 1:
            example = example.replace(" 3", "")
        shown = [self.numbers[min(place, len(self.numbers) - 1)] for place in range(3)]
        return re.sub(r"\b[123]\b", lambda one: str(shown[int(one[0]) - 1]), example)

    def counted(self) -> str:
        """Say how many choices the letter has, and their numbers where these have gaps."""
        n, noun = len(self.numbers), self.grammar.noun
        if self.numbers == tuple(range(1, n + 1)):
            return f"{n} {noun}" if n != 1 else f"1 {noun.rstrip('s')}"
        listed = ", ".join(map(str, self.numbers))
        return f"{n} {noun}: {listed}" if n != 1 else f"1 {noun.rstrip('s')}: {listed}"

    def placed(self, numbers: tuple[int, ...]) -> tuple[int, ...]:
        """Turn "the last one" and "the second one" into the letter's own numbers; 0 where they could mean two."""
        return tuple(dict.fromkeys(self._placed(one) for one in numbers))

    def _placed(self, one: int) -> int:
        if one == LAST:
            return self.numbers[-1] if self.numbers else 0
        if one < NTH:
            return one
        place = one - NTH
        there = self.numbers[place - 1] if 0 < place <= len(self.numbers) else 0
        return there if place not in self.numbers or place == there else 0
