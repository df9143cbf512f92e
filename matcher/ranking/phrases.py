"""Facts become words: months, languages, labels in mid-sentence, lists."""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from matcher.ranking.lexical import words_of
from matcher.terms.names import language_name

# First words that keep their capital in mid-sentence because they are names.
NAMES = words_of("Amazon Azure Copilot Dynamics Google Java Linux Microsoft Oracle Power SharePoint Teams Windows")
PAST_TENSE = words_of("""
    beat began bent bid blew bore bought bound broke brought built came cast caught chose crept cut dealt did
    drew drove dug fed fell fitted fled flew forecast fought found froze gave got grew held hid hit hung kept
    knew laid led left lent let lit lost made meant met overcame overhauled oversaw paid put ran rang read
    rebuilt redid redrew resold rewrote rode rose sat sent set shook shot shrank shut slid sold sought spent
    split spoke spun stole stood struck stuck swapped swept swung taught threw told took tore undertook undid
    went withdrew woke won wound wove wrote
""")
NOT_PAST_TENSE = words_of("bed embed feed fixed hundred med need red seed shed speed ved weed")
# Behind a hyphen these make a word that says what something is like: "cloud-based", "battery-powered".
LIKE = words_of(
    "aided assisted backed based branded certified enabled focused hosted led managed oriented owned powered related "
    "scaled shaped sized supported tiered"
)
QUOTE_WORDS = 14
SHORTEST_QUOTE = 5
EARLIEST_PAUSE = 8
SELF = words_of("""
    we our us ours i my me wir uns unser unsere unseren ich nous notre nos je wij onze vi vår våra oss noi nostro nostri
    nosotros nuestro nuestra nuestros nuestras nós nosso nossa nasz nasze
""")
MARKS = "¿¡\"'“”„«»().,;:!?"
NOT_QUOTED_FIRST = words_of("and but or so then also please ask call write send for und aber et mais y pero en maar")


def joined(parts: Sequence[str]) -> str:
    """Join words as English does: "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


@lru_cache(maxsize=4096)
def when_free(free_from: date | None, today: date) -> str:
    """Say from when somebody is free: "free now", "free from January", "free from January 2028"."""
    if free_from is None or free_from <= today:
        return "free now"
    days = (free_from - today).days
    if days < 28:
        return f"free from {free_from.day} {free_from:%B}"
    return f"free from {free_from:%B %Y}" if days > 300 else f"free from {free_from:%B}"


def language_names(codes: Sequence[str]) -> str:
    """Name languages in a list."""
    return joined([language_name(code) for code in codes])


@lru_cache(maxsize=4096)
def in_sentence(label: str) -> str:
    """Write a label as it stands in mid-sentence: "Databases" becomes "databases", "Microsoft 365" stays."""
    first = re.split(r"\W", label, maxsplit=1)[0]
    is_name = first in NAMES or not re.fullmatch(r"[A-Z][a-z]+|A", first)
    return label if is_name else label[:1].lower() + label[1:]


def capitalised(text: str) -> str:
    """Write the first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=4096)
def as_deed(summary: str, year: int) -> str:
    """Turn the summary of a piece of work into a past-tense phrase that fits behind "You" or stands alone.

    Behind a comma "in 2021" would date the last words only, so there the year stands in brackets.
    """
    plain = " ".join(summary.split()).rstrip(".;, ")
    first = re.split(r"[\s,]", plain, maxsplit=1)[0]
    dated = f" ({year})" if re.search(r"[,;:]\s", plain) else f" in {year}"
    dated = "" if re.search(rf"\b{year}\b", plain) else dated
    if _is_past_tense(first.casefold()):
        return f"{first.lower()}{plain[len(first) :]}{dated}"
    return f"delivered this in {year}: “{plain}”" if dated else f"delivered this: “{plain}”"


def quotable(text: str) -> bool:
    """Tell whether a sentence reads well on its own: the firm speaks of itself, in a whole sentence, not a question."""
    if text[:1].islower() or text.rstrip("\"'”»)").endswith(("?", ":", "!")):
        return False
    words = text.casefold().split()
    if len(words) < SHORTEST_QUOTE or words[0].strip(MARKS) in NOT_QUOTED_FIRST:
        return False
    first = words[:QUOTE_WORDS]
    if not SELF.isdisjoint(first):
        return True
    return any(word.strip(MARKS).replace("’", "'").partition("'")[0] in SELF for word in first)


def quoted(text: str) -> str:
    """Quote a text, at most its first fourteen words, cut where it pauses if it does so late enough."""
    words = text.split()
    if len(words) <= QUOTE_WORDS:
        return f"“{text.rstrip('.,;: ')}”"
    cut = words[:QUOTE_WORDS]
    pause = max((at for at, word in enumerate(cut, start=1) if word[-1] in ",;:" and at >= EARLIEST_PAUSE), default=0)
    return f"“{' '.join(cut[:pause] or cut).rstrip('.,;:–- ')} …”"


def _is_past_tense(word: str) -> bool:
    before, _, last = word.rpartition("-")
    if word in PAST_TENSE:
        return True
    is_like = bool(before) and last in LIKE and before not in ("co", "re")
    return word.replace("-", "").isalpha() and word.endswith("ed") and word not in NOT_PAST_TENSE and not is_like
