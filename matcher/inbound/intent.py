"""The text of a reply and the kind of letter it answers, to acts that are safe to do, or to what is unclear."""

import re

from matcher.inbound import choices, commands, doubts, tails, words
from matcher.inbound.amounts import ForeignCurrency, amounts_eur
from matcher.inbound.clauses import quote, without_courtesy
from matcher.terms import Act, Reply

WON = re.compile(rf"\b(?:{words.phrases('won')})\b")
LOST = re.compile(rf"\b(?:{words.phrases('lost')})\b")
OPEN = re.compile(rf"\b(?:{words.phrases('open')})\b")
NOT_LOST = re.compile(
    rf"\b(?:not|never|n't|nicht|pas|no|niet|non|nao|inte|nie)\s+(?:\w+\s+)?(?:{words.phrases('lost')})\b"
)
# Work that is only near, or paid by the month, is no amount that was won.
NEARLY = re.compile(
    r"\b(?:almost|nearly|about to|going to|soon|likely|expect\w*|should|could|would|will|hope|beinahe|fast|bald|presque"
    r"|bientot|casi|pronto|bijna|quasi|quase|nastan|snart|prawie|wkrotce)\b"
    r"|(?:/|\bper |\bpro |\bpar |\bal |\ba |\beach |\bje )\s*(?:month|monat|mois|mes|maand|mese|year|jahr|an\b|ano"
    r"|anno|jaar|manad|ar\b"
    r"|rok|miesiac|week|day|hour|tag|stunde|h\b|m\b)|\bmonthly|\byearly|\bmonatlich|\bp\.?a\.?\b"
)
# "Lost", "we lost it to a competitor"; never "I lost your number" or "we lost a lot of time".
LOST_PLAINLY = re.compile(
    r"^(?:\W|\b(?:we|i|it|this|that|they|he|she|deal|project|bid|job|the|has|have|is|was|were|been|got|so|and|oh"
    r"|well|no|nope|customer|client|just|unfortunately|sadly"
    r"|sorry|wir|ich|es|das|leider|haben|habe|wurde|ist|nous|avons|on|l'|malheureusement|lo|la|hemos|se|he|ha"
    r"|lamentablemente"
    r"|wij|we|hebben|het|helaas|abbiamo|purtroppo|perdemos|infelizmente|temos|vi|har|tyvarr|niestety|mamy)\b)*"
    rf"(?:{words.phrases('lost')})"
    r"(?=\W*$|\s*[,.;:!()\n-]|\s+(?:to|it|this|that|them|him|again|unfortunately|sadly|against|because|due|on|at"
    r"|sorry|please|thanks?|\d"
    r"|the (?:deal|project|bid|job|tender|customer|offer|contract|work)|gegen|wegen|an|leider|contre|face|contra"
    r"|por|tegen"
    r"|aan|contro|per|para|mot|till|z)\b)"
)
MAX_OUTCOME, MAX_BEFORE_WON = 400, 120  # characters; a story that mentions a win is not the line that reports one
NOT_A_NO = re.compile(
    r"^\W*(?:no (?:problem|worries|objections?|doubt|issues?|need|rush|hurry|comment|reason|idea|questions?"
    r"|complaints?)"
    r"|kein problem|pas de (?:probleme|souci)|sin problema|nessun problema|geen probleem|sem problema|inga problem)\b"
)
HEDGE = re.compile(rf"\b(?:{words.phrases('hedge')})\b")
GRATEFUL = re.compile(
    r"^\W*(?:thanks?|thank you|thx|danke|vielen dank|merci|gracias|grazie|bedankt|dank|obrigad[oa]|tack"
    r"|dziekuje)\b[^\d?]{0,80}$"
)
THUMB_UP = re.compile("[👍✅✔👌]\ufe0f?[🏻-🏿]?")
# One character at a time outside words: a repeated repetition would take exponential time on hostile text.
_POLITE = (
    r"(?:\W|\b(?:please|bitte|thanks?|thank you|danke|merci|gracias|grazie|bedankt|obrigad[oa]|tack"
    r"|dziekuje|so|it|this|is|that"
    r"|to me|for me|me|we|i|very|much|you|all|now)\b)*"
)
POLITE_ONLY = re.compile(_POLITE)
OK = re.compile(rf"{_POLITE}(?:{words.phrases('ok', 'yes')})(?!\w)(?:{_POLITE}(?:{words.phrases('ok', 'yes')})(?!\w))*")
WRONG = re.compile(rf"{_POLITE}(?:{words.phrases('wrong')})(?!\w)")
NO = re.compile(
    rf"{_POLITE}(?:{words.phrases('no', 'close', 'wrong')})(?!\w)(?:{_POLITE}(?:{words.phrases('wrong')})(?!\w))*"
)
REFUSAL = re.compile(
    rf"{_POLITE}(?:(?:no|nein|non|nee|nao|nej|nie)\b{_POLITE})?(?:{words.phrases('close')})(?!\w){_POLITE}"
)
HEDGED_ONLY = re.compile(
    rf"{_POLITE}(?:(?:{words.phrases('ok', 'yes', 'no')})(?!\w){_POLITE})?(?:{words.phrases('hedge')}|not really"
    rf"|not quite)(?!\w){_POLITE}"
)
BARE_NO = re.compile(rf"{_POLITE}(?:{words.phrases('no')})(?!\w){_POLITE}")
JOINING = re.compile(r"^\W*(?:but|only|however|except|aber|mais|pero|maar|ma|mas|men|ale)\b[\s,:]*", re.I)
CLOSING = re.compile(
    r"(?<=[.!])\s+(?=(?:(?:Kind |Best |Warm )?[Rr]egards|Best(?: wishes)?,"
    r"|Cheers\b|(?:Thanks|Thank you)(?! for))[^\d]{0,40}$)"
)
MAX_TEXT = 20_000


def understand(text: str, *, letter_kind: str, n_choices: int = 0, numbers: tuple[int, ...] | None = None) -> Reply:
    """Read what a reply asks for; whatever is ambiguous becomes one plain sentence, never a guess.

    `numbers` are those that the letter shows, so that "both" and "the last one" mean them; without, 1 to `n_choices`.
    """
    shown = tuple(range(1, n_choices + 1)) if numbers is None else numbers
    said = text.replace("\r\n", "\n").replace("\x00", "")[:MAX_TEXT].strip()
    if letter_kind == "digest":
        return choices.numbered(said, choices.DIGEST, shown)
    if letter_kind == "interested":
        return choices.numbered(said, choices.INTERESTED, shown)
    reader = {
        "confirm": _confirm,
        "question": _question,
        "outcome": _outcome,
        "confirm_outcome": _confirm_outcome,
        "introduction": _introduction,
    }.get(letter_kind)
    if reader is None:
        return Reply(unclear="This letter is not answered by mail. Please use the link in it, or write to help@.")
    return reader(said)


def _content(text: str) -> str:
    """Drop greetings, thanks and everything from the closing formula on."""
    kept: list[str] = []
    for line in THUMB_UP.sub(" ok ", text).split("\n"):
        if line.lstrip().startswith(">"):
            continue
        said = without_courtesy(line)
        if any(kept) and any(words.SIGN_OFF.match(words.fold(one)) for one in (said, line)):
            break
        kept.append(CLOSING.split(said)[0])
    return "\n".join(kept).strip()


def _unsigned(said: str) -> str:
    """Drop what stands below a complete short answer and tells nothing, so that a signature corrects nothing."""
    answer, tail = tails.split(said)
    folded = words.fold(answer)
    found = (pattern.match(folded) for pattern in (OK, NO, WRONG, REFUSAL))
    if not tail or not any(one and not _left_after(answer, one) for one in found):
        return said
    return f"{answer}\n\n{tails.telling(tail)}".strip()


def _question(text: str) -> Reply:
    if all(line.lstrip().startswith(">") for line in text.split("\n") if line.strip()):
        return Reply(
            unclear="Your reply had no text of its own. Write the answer, for example: “Frankfurt, from March on”."
        )
    return commands.command(_content(text)) or Reply(acts=(Act("text", text=text),))


def _left_after(said: str, match: re.Match[str]) -> str:
    """Return what follows a match, empty when that is only politeness."""
    left = JOINING.sub("", said[match.end() :]).strip(" ,;:.!-\n")
    folded = words.fold(left)
    return "" if POLITE_ONLY.fullmatch(folded) or GRATEFUL.match(folded) else left


def _confirm(text: str) -> Reply:
    said = _unsigned(_content(text))
    folded = words.fold(said)
    if not said:
        return Reply(
            unclear="Your reply had no text of its own. For example: ok. Or what is different: “budget is 5000”."
        )
    agreed, wrong = OK.match(folded), WRONG.match(folded)
    if len(said) < 30 and (
        said.endswith("?") and (agreed or NO.match(folded)) or HEDGED_ONLY.fullmatch(folded) or NOT_A_NO.match(folded)
    ):
        return Reply(unclear=f"We could not tell whether {quote(said)} is a yes. For example: ok.")
    if REFUSAL.fullmatch(folded) or BARE_NO.fullmatch(folded):
        return Reply(acts=(Act("no"),))
    if wrong and not _left_after(said, wrong):
        return Reply(unclear=f"You wrote {quote(said)}. What should be different? For example: budget is 5000.")
    if wrong or not agreed:
        return Reply(acts=(Act("correct", text=text),))
    return _agreed(said, _left_after(said, agreed))


def _agreed(said: str, left: str) -> Reply:
    if not left:
        return Reply(acts=(Act("ok"),))
    if BARE_NO.fullmatch(words.fold(left)) or REFUSAL.fullmatch(words.fold(left)):
        return Reply(unclear=f"You wrote {quote(said)}: is it right or not? For example: ok.")
    return Reply(acts=(Act("ok"), Act("correct", text=left)))


def _outcome(text: str) -> Reply:
    example = "For example: won 12000. Or: lost. Or: not yet."
    said = _content(text)
    answer, tail = tails.split(said)
    said = said if tails.telling(tail) else answer
    folded = words.fold(said)
    lost, is_open = bool(LOST.search(folded)), bool(OPEN.search(folded))
    won = bool(WON.search(OPEN.sub(" ", LOST.sub(" ", folded))))
    near = won and not _is_a_win(folded) or lost and not _is_a_loss(folded)
    if won + lost + is_open != 1 or near or HEDGE.search(folded) or "?" in said or doubts.is_conditional(said):
        problem = f"We could not tell from {quote(text)} how it went" if text else "Your reply had no text of its own"
        return Reply(unclear=f"{problem}. {example}")
    if won:
        return _won(said, folded)
    return Reply(acts=(Act("lost" if lost else "later"),))


def _is_a_win(folded: str) -> bool:
    at = WON.search(folded)
    told_first = at is not None and at.start() <= MAX_BEFORE_WON and len(folded) <= MAX_OUTCOME
    return told_first and not NEARLY.search(folded)


def _is_a_loss(folded: str) -> bool:
    return len(folded) <= MAX_OUTCOME and bool(LOST_PLAINLY.match(folded)) and not NOT_LOST.search(folded)


def _won(said: str, folded: str) -> Reply:
    try:
        found = amounts_eur(folded)
    except ForeignCurrency as error:
        return Reply(unclear=f"You wrote {quote(str(error))}; please give the amount in euros. For example: won 12000.")
    if len(found) != 1 or found[0] <= 0:
        problem = "for which amount in euros?" if not found else "which of the amounts is it?"
        return Reply(unclear=f"You wrote {quote(said)}: {problem} For example: won 12000.")
    return Reply(acts=(Act("won", amount_eur=found[0]),))


def _confirm_outcome(text: str) -> Reply:
    said = _unsigned(_content(text))
    folded = words.fold(said)
    refused = NO.match(folded)
    agreed = None if refused else OK.match(folded)
    open_ = NOT_A_NO.match(folded) or HEDGE.search(folded) or doubts.is_conditional(said)
    if refused and not open_ and "?" not in said:
        return Reply(acts=(Act("no", text=_left_after(said, refused)),))
    if agreed and not open_ and not _left_after(said, agreed) and "?" not in said:
        return Reply(acts=(Act("ok"),))
    told = _outcome(text)
    if told.acts and told.acts[0].verb in ("won", "lost"):
        return told
    problem = (
        f"We could not tell from {quote(text)} whether it is right" if text else "Your reply had no text of its own"
    )
    return Reply(unclear=f"{problem}. For example: ok. Or: wrong: it was 9000.")


def _introduction(text: str) -> Reply:
    found = _outcome(text)
    folded = words.fold(_content(text))
    if found.acts and found.acts[0].verb in ("won", "lost") or WON.search(folded) and len(folded) < 200:
        return found
    passed = f"We do not pass on {quote(text)}" if text else "Your reply had no text of its own"
    return Reply(
        unclear=f"{passed}: you are introduced, so please write to each other directly. "
        "To tell us how it went, for example: won 12000."
    )
