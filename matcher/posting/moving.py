"""A reply such as "please write to new@firm.example from now on" becomes the address that its sender wants mail at."""

import re

ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
FROM_NOW = re.compile(
    r"\b(?:from now on|in (?:the )?future|instead|new (?:e-?mail )?address|address (?:has )?(?:changed|is now)"
    r"|changed (?:my|our) (?:e-?mail )?address|change (?:my|our|the) (?:e-?mail )?address"
    r"|neue (?:E-?Mail-?)?Adresse|ab (?:jetzt|sofort)|künftig|in Zukunft|stattdessen"
    r"|nouvelle adresse|désormais|dorénavant|nueva dirección|a partir de ahora|nieuw(?:e)? (?:e-?mail-?)?adres|voortaan"
    r"|nuovo indirizzo|d['’]ora in poi|novo (?:endereço|e-?mail)|a partir de agora|ny (?:e-?post)?adress|hädanefter"
    r"|nowy adres|od teraz)\b",
    re.I,
)
# Somebody else's address, or one more: that is no change of one's own.
OF_OTHERS = re.compile(
    r"\b(?:colleagues?|also|too|as well|cc|copy|refer|forward|customer|client|ask|auch|Kolleg\w+|aussi|collègue|también"
    r"|ook|anche|também|även|też|boss|manager|assistant|not)\b|\?",
    re.I,
)
MOST_LENGTH = 200  # characters


def new_address(text: str) -> str:
    """Return the one address that a short text wants to be written to from now on, in lower case; else nothing."""
    said = text.strip()
    found = {each.group().rstrip(".").lower() for each in ADDRESS.finditer(said)}
    around = ADDRESS.sub(" ", said)
    is_wish = len(said) <= MOST_LENGTH and FROM_NOW.search(around) and not OF_OTHERS.search(around)
    return found.pop() if is_wish and len(found) == 1 else ""
