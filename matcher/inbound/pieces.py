"""A clause of a reply to the verbs, the numbers and the remark in it, or the mark that it was not understood."""

import re
from dataclasses import dataclass, replace

from matcher.inbound.words import CARDINALS, FILLER, ORDINALS, fold, phrases

ALL, BOTH, REST = -1, -3, -2
LAST, NTH = 1_000, 1_000  # "the last one"; NTH + 2 is "the second one", whose number depends on the letter
UNITS = (
    "%|people|persons|person|engineers|engineer|consultants|developers|experts|men|hours|hour|h|days"
    "|day|weeks|week|months|month|years|year|yrs|pm|am|uhr|k|eur|euros|euro|tage|wochen"
    "|monate|jahre|leute|jours|semaines|mois|personnes|dias|semanas|meses|personas|dagen|weken|maanden"
    "|mensen|giorni|settimane|mesi|persone|dagar|veckor|dni|users|seats|mailboxes|servers|sites|times"
    "|x"
)
NAMED = (
    r"(?:#|№|n°|nrs?\.?|num(?:bers?|eros?|mern?)?|nummern?|options?|offers?|items?|opportunity|postings?|projects?"
    r"|angebot|offre|oferta|offerta|numer)"
)
NUMBER = r"(?:#\s*|№\s*)?\d{1,2}"
JOIN = (
    r"(?:\s*(?:,|&|\+|/|\band\b|\bund\b|\bet\b|\by\b|\be\b|\ben\b|\boch\b|\bi\b|\boraz\b)\s*(?:\b(?:and"
    r"|und|et)\b\s*)?|\s+)"
)
MONTH = (
    r"(?:jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|fevrier|mar(?:ch|s|zo)?|marz|maart|apr(?:il)?|avril"
    r"|abril|may|mai|mei|mayo|june?|juni|juin"
    r"|july?|juli|juillet|aug(?:ust)?|aout|agosto|sept?(?:ember|embre|iembre)?|o[ck]t(?:ober|obre)?"
    r"|octubre|nov(?:ember|embre|iembre)?"
    r"|de[cz](?:ember|embre)?|diciembre|q[1-4])\b"
)
NOT_A_NUMBER = (
    r"\+\d[\d\s()/.-]{5,40}\d|\b0\d[\d\s()/-]{5,40}\d|[^\s<>]{1,80}@[^\s<>]+|https?://\S+|www\.\S+"
    r"|[€$£]\s*\d[\d.,']*\w*|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}[:h]\d{2}(?:\s*(?:am|pm|uhr))?"
    r"|\d+[.']\d+\w*|\d{1,3}(?:,\d{3})+(?!\d)\w*|\d+,\d+\s?(?:k|m|eur\w*|€|%)|\d{3,}\w*"
    rf"|\d{{1,2}}\.?\s*{MONTH}|\b{MONTH}\.?\s+\d{{1,2}}\b|\d+\s*(?:{UNITS})\b|\d+\s*%"
    rf"|\d+[a-z]+\b(?<!\dst)(?<!\dnd)(?<!\drd)(?<!\dth)"
    rf"|[a-z]+\d\w*"
)
ORDINAL = "|".join(f"(?P<nth{n}>{names})" for n, names in ORDINALS.items())
PLAIN_ORDINAL = "|".join(names.split("|")[0] for names in ORDINALS.values())
NTH_WORD = "(?:" + "|".join(ORDINALS.values()) + ")"
ARTICLE = r"(?:the|die|das|den|der|le|la|el|de|het|il|lo|o|a|number)"
NTHS = rf"(?:{ARTICLE}\s+)?{NTH_WORD}(?:\s*(?:,|&|\b(?:and|und|et|y|e|en)\b)\s*(?:{ARTICLE}\s+)?{NTH_WORD})+"
LAST_WORD = r"(?:last|letzten?|letzte[rs]|derniere?|ultim[oa]|laatste|sista|sidste|siste|ostatni[ae])"
LAST_ONE = (
    rf"(?:(?:{ARTICLE}\s+|l')(?:{LAST_WORD})(?:\s+one)?|last\s+(?:one|offer|option|project)|ostatni[ae])"
    r"(?!\s+(?:week|month|year|time|minute|days?|woche|monat|semaine|semana|settimana))"
)
TOKEN = re.compile(
    rf"(?P<noise>{NOT_A_NUMBER})"
    r"|(?P<either>\d{1,2}\s+(?:or|oder|ou|o|of|eller|lub|czy)\s+#?\d{1,2})"
    rf"|(?P<from>\d{{1,2}})\s*(?:-|\.\.|to|bis)\s*(?P<until>\d{{1,2}})(?![\w.])"
    rf"|(?P<abbreviated>(?<!\d\s)(?<!\d:\s)\bno\.\s?\d{{1,2}})(?![\w])"
    rf"|(?:{NAMED}\s*)?(?P<list>{NUMBER}(?:{JOIN}{NUMBER})*)(?![\w%€])"
    rf"|(?P<series>{NTHS})\b"
    r"|(?P<digit_nth>[1-5](?:st|nd|rd|th))\b"
    rf"|(?P<last>{LAST_ONE})\b"
    rf"|{ARTICLE}\s+(?:{ORDINAL})\b(?:\s+(?:one|offer|option"
    rf"|opportunity|posting|project))?"
    rf"|(?P<plain_nth>{PLAIN_ORDINAL})\s+(?:one|offer|option|opportunity|posting|project)\b"
    rf"|{NAMED}\s+(?P<cardinal>{'|'.join(CARDINALS)})\b"
    rf"|(?P<none>\b(?:{phrases('none')}))(?!\w|\s+inter)"
    rf"|(?P<rest>\b(?:{phrases('rest')}))(?!\w)"
    rf"|(?P<all>\b(?:{phrases('all')}))(?!\w)"
    rf"|(?P<both>\b(?:{phrases('both')}))(?!\w)"
    r"|(?P<politeness>\bno (?:problem|worries|rush|hurry|need)\b|\bwith no (?=[a-z])|\bat all\b"
    r"|\b(?:that(?:'s| is| was) (?:it for )?all|das (?:ist|war|ware) alles|c'est tout|es todo|dat is alles|e tutto"
    r"|e tudo|det (?:ar|var) allt|to wszystko)\b"
    r"|[\U0001f600-\U0001f60f\U0001f642\U0001f643\U0001f607\U0001f64f"
    r"\U0001f389\U0001f44b\u263a])"
    rf"|(?P<hedge>\b(?:{phrases('hedge')}))(?!\w)"
    r"|(?P<thumb_up>[👍✅✔👌])|(?P<thumb_down>[👎❌✖✗🚫])"
    + "".join(
        rf"|(?P<{kind}>\b(?:{phrases(kind)}))(?!\w)"
        for kind in ("later", "extend", "close", "stop", "choose", "no", "yes", "ok")
    )
    + r"|(?P<colon>[:=→]|\s-\s|->)|(?P<question>\?)|(?P<word>[^\W_][\w'/-]*)"
    r"|(?P<symbol>[^\w\s.,;!'\"()\[\]{}#&+/*<>_\ufe0f-])"
)
VERBS = ("none", "later", "extend", "close", "stop", "choose", "no", "yes", "ok")
AGREEING = {"ok": "yes", "choose": "yes"}
SYMBOLS = {"either": "hedge", "thumb_up": "yes", "thumb_down": "no", "symbol": "word"}
GROUPS = {"all": ALL, "both": BOTH, "rest": REST}


@dataclass(frozen=True, slots=True)
class Token:
    """A verb, a group of numbers, a colon, a question mark or an unknown word."""

    kind: str
    numbers: tuple[int, ...] = ()
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """What one clause says.

    `is_clear`: every word is known, or follows the answer as a remark. `is_vague`: an answering word without a number
    among unknown words, as polite sentences have them. `aside`: all that follows the answer, politeness too.
    """

    words: str
    pairs: tuple[tuple[str, tuple[int, ...]], ...] = ()  # verb and numbers; either may be empty
    remark: str = ""
    is_clear: bool = True
    is_vague: bool = False
    aside: str = ""

    @property
    def is_bare_number(self) -> bool:
        return len(self.pairs) == 1 and not self.pairs[0][0]

    @property
    def is_act(self) -> bool:
        return bool(self.pairs)


def tokens(clause: str) -> list[Token]:
    """Read a clause as tokens; polite and structural words vanish."""
    found = (_token(match) for match in TOKEN.finditer(fold(clause)))
    return [one for one in found if one]


def _token(match: re.Match[str]) -> Token | None:
    kind = match.lastgroup or "number"
    at = match.start()
    if kind == "politeness" or kind == "word" and match[0] in FILLER:
        return None
    if kind in ("all", "both", "rest"):
        return Token("number", (GROUPS[kind],), at, match.end())
    kind = SYMBOLS.get(kind, kind)
    if kind in VERBS or kind in ("hedge", "colon", "question"):
        return Token(kind, (), at, match.end())
    if kind in ("word", "noise"):
        return Token("word", (), at)
    numbers = _numbers(match, kind)
    if not numbers:
        return Token("word", (), at)
    return Token("abbreviated" if kind == "abbreviated" else "number", numbers, at, match.end())


def _numbers(match: re.Match[str], kind: str) -> tuple[int, ...]:
    if kind == "last":
        return (LAST,)
    if kind.startswith("nth"):
        return (NTH + int(kind[3:]),)
    if kind in ("series", "plain_nth", "digit_nth"):
        return _places(match[kind])
    if kind == "cardinal":
        return (CARDINALS[match["cardinal"]],)
    if kind == "until":
        first, last = int(match["from"]), int(match["until"])
        return tuple(range(first, last + 1)) if first < last else ()
    return tuple(dict.fromkeys(int(one) for one in re.findall(r"\d+", match[0], re.ASCII)))


def _places(said: str) -> tuple[int, ...]:
    """Read "first and third" as places in the letter's list."""
    found = re.findall(rf"\b(?:{NTH_WORD}|[1-5](?=st|nd|rd|th))", said)
    return tuple(NTH + (int(one) if one.isdigit() else _place(one)) for one in found)


def _place(word: str) -> int:
    return next(place for place, names in ORDINALS.items() if re.fullmatch(names, word))


def piece(clause: str) -> Piece:
    """Read one clause."""
    head, tail = _before_reason(*_split(tokens(clause)))
    if {one.kind for one in head} <= {"colon", "ok"} and tail or not head:
        return _without_answer(clause, head, tail)
    head = [replace(one, kind=AGREEING.get(one.kind, one.kind)) for one in head]
    pairs = _pairs([one for one in head if one.kind != "colon"])
    remark = clause[head[-1].end :].strip(" ,;.!:-") if tail else ""
    return Piece(clause.strip(), pairs, remark, bool(pairs) and _is_clear(pairs, head, tail))


def _without_answer(clause: str, head: list[Token], tail: list[Token]) -> Piece:
    numbered = any(one.kind == "abbreviated" or max(one.numbers, default=0) > 0 for one in tail)
    vague = any(one.kind in (*VERBS, "hedge") for one in head + tail)
    return Piece(clause.strip(), (), clause.strip() if tail else "", not numbered and not vague, vague and not numbered)


def _split(found: list[Token]) -> tuple[list[Token], list[Token]]:
    for at, one in enumerate(found):
        if one.kind in ("word", "hedge", "question"):
            return found[:at], found[at:]
    return found, []


def _before_reason(head: list[Token], tail: list[Token]) -> tuple[list[Token], list[Token]]:
    """Let everything after the colon of "2 no: no people" be its reason, verbs too, unless it names a number."""
    for at, one in enumerate(head):
        answered = one.kind == "colon" and any(before.kind in VERBS for before in head[:at])
        if answered and not any(after.numbers for after in head[at:]):
            return head[: at + 1], head[at + 1 :] + tail
    return head, tail


def _is_clear(pairs: tuple[tuple[str, tuple[int, ...]], ...], head: list[Token], tail: list[Token]) -> bool:
    if not tail:
        return True
    if tail[0].kind in ("hedge", "question"):
        return False
    if head[-1].kind == "colon" and any(verb for verb, _ in pairs):
        return True
    if not all(verb for verb, _ in pairs) or len(pairs) > 1 or tail[-1].kind == "question":
        return False
    allowed = {"no", "later", "ok"} if pairs[0][0] in ("no", "later") else {"ok"}
    answers = {one.kind for one in tail} & {*VERBS, "number", "abbreviated", "hedge"}
    return answers <= allowed


def _pairs(head: list[Token]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Pair verbs with numbers when they alternate in one order; empty when they do not."""
    runs = _runs(head)
    if not runs or runs[0].kind == "abbreviated":
        return ()
    if len(runs) == 1:
        return ((runs[0].kind, ()),) if runs[0].kind in VERBS else (("", runs[0].numbers),)
    if len(runs) == 3 and runs[0].kind == runs[2].kind and runs[0].kind in VERBS:
        return ((runs[0].kind, runs[1].numbers),)
    if len(runs) % 2 or any(a.kind in VERBS for a in runs[0::2]) == any(b.kind in VERBS for b in runs[1::2]):
        return ()
    both = zip(runs[0::2], runs[1::2], strict=True)
    return tuple((a.kind, b.numbers) if a.kind in VERBS else (b.kind, a.numbers) for a, b in both)


def _runs(head: list[Token]) -> list[Token]:
    runs: list[Token] = []
    has_verb = any(one.kind in VERBS for one in head)
    for one in head:
        kind = "number" if one.kind == "abbreviated" and has_verb else one.kind
        if runs and runs[-1].kind == kind:
            runs[-1] = Token(kind, _union(runs[-1].numbers, one.numbers), runs[-1].start)
        else:
            runs.append(Token(kind, one.numbers, one.start))
    return runs


def _union(left: tuple[int, ...], right: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(left + right))
