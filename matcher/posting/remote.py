"""A sentence becomes whether the work can be done from afar; "not remote" and "remote is not possible" say no."""

import re

REMOTE = re.compile(
    r"\b(?:remote(?:ly)?|work from (?:home|anywhere)|anywhere|home ?office|à distance|en remoto|a distancia"
    r"|teletrabajo|télétravail|op afstand|aus der Ferne|ortsunabhängig"
    r"|from your (?:desk|office)|location (?:does not|doesn't) matter|da remoto|remoto|remotamente|zdalnie|på distans"
    r"|på avstand|hjemmefra|distansarbete|na dálku|vzdáleně)\b"
    r"(?! (?:monitoring|desktop|access|site|office|DBA|support tool|worker|employee|branch|location|assistance"
    r"|hands|users))",
    re.IGNORECASE,
)
NOT = (
    r"(?:not|no|non|não|nie|never|nothing|none|cannot|\w+n['’]t|without|rather than|instead of|nicht|kein\w*|ohne|pas"
    r"|sans|sin|niet|geen)"
)
# What stands between: "cannot BE DONE remotely", "this is not A remote job".
BETWEEN = (
    r"(?:an?|the|any|une?|eine?|een|full|fully|entirely|completely|100 ?%|komplett|ganz|be|been|is|es|can|done|do|doing"
    r"|made|performed|carried|out|handled|delivered|work|working|job|travail|poste|option|possibility|way|it|this"
    r"|that|to|of|for|in"
    r"|as|by|via|per|zu|en|del?|du|le|allow|allowed|offer|offered|want|wanted|possible|feasible|doable|suitable|suited"
    r"|möglich|machbar|faisable|posible|mogelijk)"
)
# "Not only remote" and "why not remote" say yes.
DENIED = re.compile(rf"(?<!why )(?<!if )(?<!or )\b{NOT}(?:[ -]{BETWEEN}){{0,4}}[ -]$", re.IGNORECASE)
POSSIBLE = (
    r"(?:possible|allowed|permitted|accepted|acceptable|available|offered|wanted|desired|welcome|feasible|option"
    r"|möglich|erlaubt|gewünscht|erwünscht|vorgesehen|machbar|autorisé|prévu|souhaité|faisable|envisageable|posible"
    r"|permitido|possibile|possível|mogelijk|toegestaan|gewenst)"
)
IMPOSSIBLE = (
    r"(?:impossible|unmöglich|imposible|impossibile|excluded|forbidden|ruled out|out of the question|a no[- ]go"
    r"|ausgeschlossen|exclue?|interdit|uitgesloten|geht (?:leider |hier )?nicht|kan (?:helaas )?niet"
    r"|(?:will not|won['’]t|does not|doesn['’]t) (?:do|work))"
)
# "remote WORK IS not possible"
LINK = (
    r"(?:[ -](?:work|working|job|arbeit|arbeiten))?"
    r"(?: (?:is|are|will|would|be|ist|est|n['’]est|es|é|è|sadly|unfortunately|simply|leider|hier|here|helaas))*"
)
RULED_OUT = re.compile(
    rf"{LINK}(?:[ (]{{1,2}}{NOT} (?:(?:really|an?|een) )?{POSSIBLE}| {IMPOSSIBLE}"
    r"|[:?] ?(?:no|nein|non|nee)(?=[.,;!)]|$))\b",
    re.IGNORECASE,
)


def is_remote(sentence: str) -> bool:
    """Say whether a sentence names work from afar without ruling it out, just before or just behind."""
    return any(
        not DENIED.search(sentence[max(0, found.start() - 60) : found.start()])
        and not RULED_OUT.match(sentence, found.end())
        for found in REMOTE.finditer(sentence)
    )
