"""A reply to a letter with numbered choices, to one act for each number that it names."""

import re
from dataclasses import replace

from matcher.inbound import asides, doubts, words
from matcher.inbound.asking_back import held_back, not_understood, not_yet_a_yes
from matcher.inbound.clauses import (
    ADDRESS,
    ASK,
    NUMBER_ASK,
    NUMBER_COLON_QUESTION,
    NUMBER_QUESTION,
    REFER,
    is_doubt,
    pieces,
    quote,
    without_courtesy,
)
from matcher.inbound.draft import DIGEST, INTERESTED, Draft, Grammar
from matcher.inbound.pieces import ALL, BOTH, REST, Piece, piece
from matcher.terms import Act, Reply

__all__ = ["DIGEST", "INTERESTED", "numbered"]
MAX_LINES, MAX_LINE = 200, 1_000
WITHOUT_NUMBER = ("stop", "extend", "close", "none")


def numbered(text: str, grammar: Grammar, numbers: tuple[int, ...]) -> Reply:
    """Read the acts of a reply; one clause that cannot be told for sure makes the whole reply unclear."""
    draft = Draft(grammar, tuple(sorted(set(numbers))))
    blank, n_before = False, 0
    for line in (one[:MAX_LINE] for one in text.split("\n")[:MAX_LINES]):
        if not line.strip() or line.lstrip().startswith(">"):
            blank = True
            continue
        said = without_courtesy(line)
        if words.SIGN_OFF.match(words.fold(said)) and (draft.acts or draft.bare):
            break
        _read_line(draft, said, blank)
        blank = blank and len(draft.acts) == n_before
        n_before = len(draft.acts)
        if draft.problem:
            return Reply(unclear=draft.problem)
    _settle_asides(draft)
    _settle_bare(draft)
    _settle_rest(draft)
    return _checked(draft, text)


def _read_line(draft: Draft, line: str, after_blank: bool) -> None:
    folded = words.fold(line)
    if "refer" in draft.grammar.asks and REFER.search(folded):
        return _refer(draft, line)
    for pattern in (NUMBER_ASK, NUMBER_QUESTION, ASK):
        found = pattern.search(folded)
        if found:
            _read_clauses(draft, line[: found.start()], after_blank)
            return _ask(draft, found["n"], line[found.start("text") :].strip(), line)
    found = NUMBER_COLON_QUESTION.match(folded)
    if found and not piece(line[found.start("text") :]).is_act:
        return _ask(draft, found["n"], line[found.start("text") :].strip(), line)
    if draft.ends_with_question and not after_blank and not any(one.is_act for one in pieces(line)):
        draft.acts[-1] = replace(draft.acts[-1], text=f"{draft.acts[-1].text} {line}")
        return None
    return _read_clauses(draft, line, after_blank)


def _refer(draft: Draft, line: str) -> None:
    found, example = ADDRESS.findall(line), draft.adapted("refer 2 to anna@firm.example")
    if not found:
        draft.problem = f"You wrote {quote(line)}, but no address to refer it to. For example: {example}."
        return
    said = line
    for address in found:
        said = said.replace(address, " ")
    if len(found) > 1 or doubts.is_open(said.rstrip(". ")):
        draft.problem = f"We could not tell what {quote(line)} means. For example: {example}."
        return
    numbers = re.findall(r"(?<![\w.])\d{1,2}(?![\w.])", said.rstrip(". "), re.ASCII)
    if len(numbers) > 1 or not numbers and len(draft.numbers) != 1:
        draft.problem = f"You wrote {quote(line)}: which offer is it about? For example: {example}."
        return
    draft.acts.append(Act("refer", int(numbers[0]) if numbers else draft.numbers[0], found[0].lower()))
    draft.ends_with_question = False


def _ask(draft: Draft, number: str | None, text: str, line: str) -> None:
    if number is None and len(draft.numbers) != 1:
        example = draft.adapted("ask 2: which region?")
        draft.problem = f"You wrote {quote(line)}: which one is the question about? For example: {example}"
        return
    draft.acts.append(Act("ask", int(number or draft.numbers[0]), text))
    draft.ends_with_question = True


def _read_clauses(draft: Draft, line: str, after_blank: bool) -> None:
    first, draft.n_unsaid = len(draft.acts), 0
    for one in pieces(line):
        if words.SIGN_OFF.match(words.fold(one.words)) and draft.acts:
            return
        if _is_held_back(draft, one):
            draft.problem = held_back(draft, one)
            return
        _note_aside(draft, one, after_blank)
        if one.is_vague:
            draft.doubt = draft.doubt or not_understood(draft, one.words)
            continue
        if not one.is_clear:
            if after_blank and draft.acts and not is_doubt(one):
                return
            draft.problem = not_understood(draft, one.words)
            return
        before = len(draft.acts)
        for verb, numbers in one.pairs:
            _take(draft, one, verb, numbers, first)
        draft.n_unsaid = len(draft.acts) - before if one.is_bare_number and not draft.ends_with_question else 0


def _is_held_back(draft: Draft, one: Piece) -> bool:
    """Tell a clause that hangs an answer on a condition, takes it back, or doubts it."""
    if not one.pairs:
        return one.is_vague and is_doubt(one) or bool(draft.acts) and doubts.begins_with_condition(one.words)
    if all(verb in ("no", "none") for verb, _ in one.pairs):
        return not draft.acts and doubts.is_bare_negation(one.words)
    if one.is_bare_number and doubts.is_downbeat(one.words):
        return True
    said = f"{one.words} {one.remark}"
    return doubts.is_conditional(said) or doubts.takes_back(one.remark)


def _take(draft: Draft, one: Piece, verb: str, numbers: tuple[int, ...], first: int) -> None:
    if verb and verb not in draft.grammar.acts:
        draft.problem = f"{quote(one.words)} is no answer to this letter. For example: {draft.example}."
        return
    named = draft.placed(numbers)
    if 0 in named and 0 not in numbers:
        draft.problem = not_understood(draft, one.words)
        return
    numbers, draft.ends_with_question = named, False
    if verb in WITHOUT_NUMBER:
        _take_whole(draft, one, verb, numbers)
    elif verb and numbers:
        _add(draft, one, verb, numbers)
    elif verb:
        _take_bare(draft, one, verb)
    else:
        _take_numbers(draft, one, numbers, first)


def _take_whole(draft: Draft, one: Piece, verb: str, numbers: tuple[int, ...]) -> None:
    if verb == "none" and numbers == (REST,):
        draft.rest = "no"
    elif verb == "none" and min(numbers, default=0) > 0:
        _add(draft, one, "no", numbers)
    elif verb == "none" and draft.grammar.acts["none"] == "no":
        _add(draft, one, "no", (ALL,))
    elif numbers or (one.remark and verb != "none"):
        draft.problem = not_understood(draft, one.words)
    else:
        draft.acts.append(Act(draft.grammar.acts[verb], None, one.remark))


def _take_bare(draft: Draft, one: Piece, verb: str) -> None:
    """Give a verb without number to the bare numbers just before it, or let it wait for its number."""
    if draft.n_unsaid:
        first = len(draft.acts) - draft.n_unsaid
        earlier = draft.acts[first:]
        draft.acts[first:] = [replace(act, verb=draft.grammar.acts[verb], text=one.remark) for act in earlier]
        return
    if draft.bare and draft.bare != verb:
        draft.problem = (
            f"You wrote both {quote(draft.bare_words)} and {quote(one.words)}. For example: {draft.example}."
        )
        return
    draft.bare, draft.bare_words, draft.bare_remark = verb, one.words, one.remark


def _take_numbers(draft: Draft, one: Piece, numbers: tuple[int, ...], first: int) -> None:
    if draft.bare == "no" or len(draft.acts) > first and draft.acts[-1].verb not in (draft.grammar.default, "ask"):
        draft.problem = f"Is {quote(one.words)} a yes or a no here? For example: {draft.example}."
        return
    if not draft.bare and asides.leaves_open(one.aside) and max(numbers) in (*draft.numbers, ALL, BOTH, REST):
        _leave_open(draft, one, numbers)
        return
    if not draft.bare:
        draft.bare_numbers += numbers
    verb, draft.bare = draft.bare or "yes", ""
    _add(draft, one, verb, numbers)


def _leave_open(draft: Draft, one: Piece, numbers: tuple[int, ...]) -> None:
    """Pass on the question of "2, which region is it?"; ask back whether anything else beside a number is a yes."""
    if len(numbers) == 1 and numbers[0] in draft.numbers and asides.is_question(one.remark):
        _ask(draft, str(numbers[0]), one.remark, one.words)
    else:
        draft.problem = not_yet_a_yes(draft, numbers, f"{one.words.rstrip(' ,;.!')}, {one.aside}")


def _note_aside(draft: Draft, one: Piece, after_blank: bool) -> None:
    heard = asides.asks if after_blank else asides.leaves_open
    if not one.pairs and not draft.aside and heard(one.words):
        draft.aside = one.words


def _settle_asides(draft: Draft) -> None:
    """Hold back numbers without a verb where another line of the reply asks something."""
    if draft.bare_numbers and draft.aside and not draft.bare:
        draft.problem = draft.problem or not_yet_a_yes(draft, draft.bare_numbers, draft.aside)


def _add(draft: Draft, one: Piece, verb: str, numbers: tuple[int, ...]) -> None:
    act = draft.grammar.acts[verb]
    if numbers == (REST,):
        draft.rest = act
        return
    exact = tuple(number for number in numbers if number > 0)
    if BOTH in numbers and len(exact) == 2:
        numbers = exact
    elif exact and min(numbers) < 0 and exact != (len(draft.numbers),):
        draft.problem = not_understood(draft, one.words)
    elif BOTH in numbers and len(draft.numbers) != 2:
        draft.problem = f"You wrote “both”, but the letter has {draft.counted()}. For example: {draft.example}."
    if draft.problem:
        return
    if ALL in numbers or BOTH in numbers:
        numbers = draft.numbers
    draft.acts += [Act(act, number, one.remark) for number in numbers]


def _settle_bare(draft: Draft) -> None:
    """Let a verb that found no number stand for the only choice, or for what was already said."""
    if not draft.bare or draft.problem:
        return
    act = draft.grammar.acts[draft.bare]
    if any(one.verb == act for one in draft.acts):
        return
    if len(draft.numbers) == 1 and not any(one.verb in draft.grammar.acts.values() for one in draft.acts):
        draft.acts.append(Act(act, draft.numbers[0], draft.bare_remark))
        return
    example = draft.example if draft.bare == "yes" else draft.adapted(f"2 {draft.bare}")
    refuse = " To refuse all of them: none." if draft.bare == "no" else ""
    said = f"You wrote {quote(draft.bare_words)}, but the letter has {draft.counted()}"
    draft.problem = f"{said}. Which one? For example: {example}.{refuse}"


def _settle_rest(draft: Draft) -> None:
    named = {act.number for act in draft.acts}
    if draft.rest:
        draft.acts += [Act(draft.rest, n) for n in draft.numbers if n not in named]


def _checked(draft: Draft, text: str) -> Reply:
    acts = tuple(dict.fromkeys(draft.acts))
    problem = draft.problem or _range_problem(draft, acts) or _conflict(draft, acts) or ("" if acts else draft.doubt)
    if problem:
        return Reply(unclear=problem)
    if acts:
        return Reply(acts=acts)
    if not text.strip():
        return Reply(unclear=f"Your reply had no text of its own. For example: {draft.example}.")
    said = f"We could not read {quote(text)} as an answer to a letter with {draft.counted()}"
    return Reply(unclear=f"{said}. For example: {draft.example}.")


def _range_problem(draft: Draft, acts: tuple[Act, ...]) -> str:
    outside = [act.number for act in acts if act.number is not None and act.number not in draft.numbers]
    if not outside:
        return ""
    return f"You wrote about number {outside[0]}, but the letter has {draft.counted()}. For example: {draft.example}."


def _conflict(draft: Draft, acts: tuple[Act, ...]) -> str:
    said: dict[int | None, Act] = {}
    for act in acts:
        if act.verb in ("ask", "refer", "stop", "extend"):
            continue
        other = said.setdefault(act.number, act)
        if other.verb != act.verb:
            both = f"{_written(other)} and {_written(act)} about number {act.number}"
            return f"You wrote both {both}. Which one holds? For example: {draft.example}."
    if {"extend", "stop"} <= {act.verb for act in acts} or None in said and len(said) > 1:
        return f"Your reply says two things that exclude each other. For example: {draft.example}."
    return ""


def _written(act: Act) -> str:
    """Name an act by the word that people write for it."""
    return quote("yes" if act.verb == "choose" else act.verb)
