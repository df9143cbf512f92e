"""A need's words become the level of the people that it asks for: junior, senior or architect, mostly none."""

import re

from matcher.posting.cues import role
from matcher.posting.names import words
from matcher.posting.sentences import clauses

ARCHITECT = (
    r"(?:[\w&+#]+-|(?:Cloud|Lösungs|System|Software|Daten|Netzwerk|Sicherheits|Unternehmens|oplossings|løsnings))?"
    r"(?:architect[es]?s?|architecten|architekt(?:en|in|innen|a|em|om)?|arquitec?t[oa]s?|architett[oi]"
    r"|arkitekt(?:en|er)?)"
)
SENIOR = (
    r"(?:s[eéê]niors?|(?:senior|experten?)-[\w-]+|experienced|seasoned|erfahrene[nrs]?|expérimentée?s?|confirmée?s?"
    r"|experimentad[oa]s?|ervaren|espert[oiae]|experientes?|erfar(?:en|ne|na)|doświadczon\w+|zkušen\w+|experts?"
    r"|experte|experten|expertin|expert[oa]s?|ekspert\w*)"
)
JUNIOR = r"(?:j[uú]niors?|junior-[\w-]+|beginners?|trainees?|berufsanfänger\w*|débutante?s?|principiantes?)"
NEW_TO_IT = (
    rf"(?:{JUNIOR}|students?|apprentices?|anfänger\w*|werkstudent\w*|azubis?|stagiaires?|stagiairs?|becari[oa]s?"
    r"|stagist[ai]|estagiári[oa]s?|beginnelingen?|nybörjare|nybegynder\w*|początkujący\w*|začátečník\w*)"
)
ASKS = (
    r"(?:needs?|needed|need is|looking for|look for|in search of|seek(?:s|ing)?|search(?:ing)? for|want(?:s|ed)?"
    r"|requires?|is there|could use|gibt es|y a-t-il|hay|c['’]è|finnes|findes|finns|missing"
    r"|lack(?:s|ing)?|find|borrow|hire|brauchen?|braucht|suchen?|sucht|gesucht|benötigen?|fehlt"
    r"|cherch\w+|recherch\w+|faut|besoin|manque|necesit\w+|busc\w+|falta|zoek\w*|gezocht|nodig|cerc\w+|serve"
    r"|procur\w+|precis\w+|søger|leter etter|leder efter|mangler|trenger|söker|letar efter|behöver|saknar|szuka\w+"
    r"|poszuk\w+|potrzeb\w+|hled\w+|potřebuj\w+|shán\w+)"
)
BEHIND = (
    r"(?:needed|wanted|required|sought|gesucht|gebraucht|benötigt|gezocht|nodig|recherchée?s?|requis|cercasi"
    r"|poszukiwan\w+)"
)
ONE = (
    r"(?:an?|one|two|three|four|\d+|some|somebody|someone|eine[nrms]?|ein|zwei|drei|jemand(?:en)?|une?|d['’]une?|deux"
    r"|trois|quelqu['’]un|un[oa]?|dos|tres|alguien|een|twee|drie|iemand|due|qualcuno|uma?|dois|duas|alguém|et|ett"
    r"|en|to|två|någon|nogen|noen|dwóch|kogoś|dva|jednoho|někoho)"
)
# Behind these another firm or the poster's own people are spoken of: "a server for an architect", "our senior".
NOT_ASKED = (
    r"(?:for|of|at|by|with|from|on|about|our|my|their|his|her|the|whose|für|bei|von|vom|mit|unser\w*|pour|chez|par"
    r"|avec|notre|nos|para|por|nuestr\w+|voor|bij|van|met|onze|ons|per|nostr\w+|noss\w+|för|hos|av|af|vår\w*|vores"
    r"|dla|nasz\w*|pro|has|have|had|hat|haben|avons|tenemos|hebben|abbiamo)"
)
NO = (
    r"(?:no|not|without|never|nobody|kein\w*|nicht|ohne|pas|sans|sin|ningún|geen|niet|zonder|nessun|non|senza|sem"
    r"|ingen|inga|ikke|inte|utan|uden|bez|żadn\w+|nie|žádn\w+|ne)"
)
GAP = rf"(?:(?!{NOT_ASKED}\b|{NO}\b)[^\s.;:!?,]+\s+){{0,4}}"
ANOTHER = rf"(?:,|:|\band|\bplus|\bund|\bet|\by|\ben|\be|\bog|\boch|\bi|\ba)\s+(?={ONE}\b)"
# "Experienced users complain": where nothing is asked for, the rest must not go on to say what they do.
PLAIN = r"^(?!.*(?<!who )(?<!that )\b(?:has|have|wants?|needs?|says?|complains?|left|broke)\b)"
BEGIN = rf"(?:{PLAIN}|\b{ASKS}\b:?\s|{ANOTHER})\s*"
# An architect's office is a customer, a senior manager is no engineer, and who wants something is not asked for.
OTHERS = (
    r"(?!['’]s?\b|-?(?:office|büro)|\s+(?:office|firm|practice|bureau|studio|manage\w+|partner|director|citizen"
    r"|living|home|care|residen\w+|school|system|tool|users?|of|from)|\s+(?:in [\w-]+ )?(?:has|have|wants?|is|are"
    r"|needs?|asked|runs?|hat|haben|will|braucht|veut|tiene|quiere|heeft|wil)\b)"
)
WILL_DO = (
    r"(?:will do|would do|can do|(?:is|are) (?:fine|ok|okay|enough|welcome|sufficient)|suffices?|reich(?:t|en)"
    r"|genüg(?:t|en)|suffi(?:t|sent)|convient|basta|bastano|vale|es suficiente|volstaat|is genoeg|mag ook|räcker"
    r"|er nok|wystarcz\w+|stačí)"
)
SENT = r"(?:sent|send|sends|gave|came|come|turned up|schick\w+|kam|kamen|envoy\w+|venu|mand\w+|vino|stuur\w+|kwam)"
YEARS = (
    r"(?:years?|jahren?|ans|années|años|jaar|anni|anos|år|lat|let)['’]?\s+(?:of |berufs|an |d['’]|de |di |med )?"
    r"(?:\w+ )?(?:experience|erfahrung|expérience|experiencia|ervaring|esperienza|experiência|erfaring|erfarenhet"
    r"|doświadczeni\w+|praxe|zkušenost\w*)"
)
# Examinations that vendors hold for architects alone.
EXAM = r"\b(?:AZ-?305|SC-?100|PL-?600|MB-?700)\b"
# Without one of these there is nothing to look for, which is told many times faster.
STEMS = words(
    """
    archit arquit arkit senior sénior sênior exper expér ekspert esper season erfahr ervar erfar doświadcz zkušen praxe
    confirm junior júnior beginn trainee anfänger débutant principiant student apprenti azubi stagi becari nybörj
    nybegynd początkuj začáteč az-305 az305 sc-100 sc100 pl-600 pl600 mb-700 mb700
    """
)


def _asked(level: str) -> str:
    """Write what asks for a level: behind a word of asking or where a clause begins, or before one."""
    return rf"{BEGIN}{GAP}{level}\b{OTHERS}|^{GAP}{level}\s+{GAP}{BEHIND}\b"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


JUNIOR_WILL_DO = _pattern(
    rf"\b{NEW_TO_IT}\s+(?:[\w'’-]+\s+){{0,3}}{WILL_DO}\b|\b(?:basta|vale|suffit|reicht)\s+{ONE}\s+{NEW_TO_IT}\b"
)
NO_JUNIORS = _pattern(
    rf"\b{NO}\s+(?:[\w'’-]+\s+){{0,2}}{NEW_TO_IT}\b|\b{SENT}\s+(?:[\w'’-]+\s+){{0,3}}{NEW_TO_IT}\b"
    rf"|\b{NEW_TO_IT}\s+(?:\w+\s+)?{SENT}\b"
)
LEVELS = (
    ("architect", _pattern(rf"{_asked(ARCHITECT)}|{EXAM}")),
    ("senior", _pattern(rf"{_asked(SENIOR)}|{YEARS}")),
    ("junior", _pattern(_asked(JUNIOR))),
)


def level_asked(text: str) -> str:
    """Return the highest level that a text asks for: `architect`, `senior` or `junior`; empty where it tells none."""
    plain = text.casefold()
    if not any(stem in plain for stem in STEMS):
        return ""
    found = {_of_clause(one.text) for one in clauses(text)}
    return next((level for level, _ in LEVELS if level in found), "")


def _of_clause(clause: str) -> str:
    if JUNIOR_WILL_DO.search(clause):
        return "junior"
    asked = "" if role(clause) == "have" else next((level for level, each in LEVELS if each.search(clause)), "")
    return "senior" if asked != "architect" and NO_JUNIORS.search(clause) else asked
