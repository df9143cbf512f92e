"""What stands below an answer and a blank line, to the part that says something: no signature, wish or legal notice."""

import re

from matcher.inbound import words

MAX_WORDS = 14  # of a line in a signature
MAX_PARAGRAPHS = 12  # of a signature; no more are looked at, however long the mail
# English, German, French, Spanish, Dutch, Italian, Portuguese, Swedish and Polish; all folded, as in `words`.
_WISH = re.compile(
    r"^\W*(?:(?:have|enjoy|wish(?:ing)? you)\s+(?:a|an|the|your)\b.{0,60}|(?:happy|merry)\s.{0,40}"
    r"|looking forward\b.{0,60}|(?:speak|talk|see you|hear from you|take care|bye|until then|ta)\b.{0,20}"
    r"|(?:\w+ )?(?:grus(?:e|s)?|greetings|salutations|saludos|groeten|saluti|halsningar)\b.{0,30}"
    r"|(?:just )?(?:let (?:me|us) know|shout|call|ring|reach|contact|write to) .{0,20}\b(?:questions?|anything"
    r"|any ?time)"
    r"\b.{0,30}"
    r"|(?:(?:ich|wir) wunschen?\s.{0,20})?(?:einen? )?(?:schone[ns]?|gute[ns]?|frohe[ns]?|angenehme[ns]?"
    r"|erholsame[ns]?)"
    r" (?:wochenende|tag|rest|abend|woche|feier\w+|weihnacht\w+|ostern|neue[sn]? jahr|rutsch|zeit)\b.{0,50}"
    r"|bis (?:bald|dann|spater|morgen)|(?:ich |wir )?freuen? (?:mich|uns)\b.{0,50}|tschuss\w*|servus"
    r"|alles gute\b.{0,20}"
    r"|(?:je vous souhaite )?(?:une )?bonnes? (?:journee|soiree|fin|semaine|annee|fetes)\b.{0,30}"
    r"|bon week-?end\b.{0,20}"
    r"|joyeu(?:x|ses) .{0,30}|a (?:bientot|plus|presto)\b.{0,20}"
    r"|buen(?:as?|os)? (?:fin|dia|tardes|semana)\b.{0,20}|feli(?:z|ce) .{0,30}|hasta (?:pronto|luego)|que tenga .{0,30}"
    r"|(?:fijne|prettige?|goede) (?:weekend|dag|avond|week|feestdagen)\b.{0,30}|fijn weekend\b.{0,20}"
    r"|tot (?:snel|ziens|dan)"
    r"|buon[ae]? (?:giornata|week-?end|fine|serata|feste|lavoro|natale)\b.{0,20}|bo[am] (?:fim|semana|dia|tarde|noite"
    r"|trabalho)\b.{0,20}|ate (?:logo|breve)|trevlig (?:helg|dag|kvall)\b.{0,20}|ha det bra|god jul\b.{0,20}|vi hors"
    r"|mi(?:lego|lej) .{0,20}|udanego .{0,20}|wesolych .{0,20}|do (?:uslyszenia|zobaczenia)"
    r"|(?:thanks?|thank you|thx|danke|vielen dank|merci|gracias|grazie|dank|obrigad[oa]|tack|dziekuje)\b[^\d?]{0,60}"
    r"|(?:mobil |unterwegs )?(?:sent|gesendet|envoye|enviado|inviato|skickat|sendt|verzonden|verstuurd|wyslan[eo])"
    r"(?: (?:from|with|via|on|while|von|mit|aus|vom|depuis|de|desde|da|con|fra|fran|med|vanaf|met|z|ze)\b.{0,30})?)\W*$"
)
_LABEL = (
    r"(?:tel(?:e[fp]h?on[eo]?)?|phone|mob(?:ile?)?|cell|handy|fax|e-?mail|mail|web(?:site)?|internet|office|direct"
    r"|skype"
    r"|teams|linkedin|whatsapp|signal|vat(?: \w+)?|ust-?id\S*(?: nr)?|st-?nr|steuernummer|hr[ab]|siret|siren|iban|bic"
    r"|registergericht|amtsgericht|handelsregister|sitz(?: der gesellschaft)?|geschaftsfuhr\w+|vorstand|aufsichtsrat"
    r"|managing directors?|directors?|registered(?: \w+){0,2}|company (?:no|number|reg\w*)|reg(?:istration)? no"
    r"|[acdefhmoptw])"
)
_CONTACT = re.compile(
    rf"^\W*{_LABEL}\.?\s*[:.]|https?:|www\.|\S@[^\s@]{{1,60}}\.\w|\+\d[\d\s()/.-]{{6,}}|\b0\d[\d\s()/.-]{{5,}}"
    rf"|\b[a-z0-9-]{{1,60}}\.(?:com|net|org|io|eu|de|at|ch|fr|es|nl|it|pt|se|pl|uk|example)\b"
    rf"|\b{_LABEL}\.?:? ?\+?\d[\d\s()/-]{{5,}}"
    r"|\bhr[ab] \d"
)
_FIRM = re.compile(
    r"\b(?:gmbh|mbh|ag|kg|ohg|gbr|ug|ltd|limited|llc|llp|inc|plc|corp|sarl|sas|sasu|sa|s\.a\.|bv|b\.v\.|nv|srl"
    r"|s\.r\.l\.|spa"
    r"|s\.l\.|slu|lda|ab|oy|aps|sp\. z o\.o\.)(?!\w)"
)
_STREET = re.compile(
    r"(?:str(?:as+e|\.)|weg|platz|allee|gasse|ufer|ring|damm|gatan|straat|laan|gracht) ?\d"
    r"|^\W*\d{1,4}[a-z]?,? (?:rue|avenue"
    r"|boulevard|\w+ (?:street|road|lane|avenue|square|way)\b)|^\W*(?:rue|via|calle|rua|ul\.) .*\d"
    r"|\b\d{4,5}(?: [a-z]{2})? [a-z]{3}"
)
_TITLE = re.compile(
    r"\b(?:ceo|cto|coo|cfo|cio|ciso|md|vp|founder|co-?founder|owner|partner|president|chairman|director|manager|lead"
    r"|leader"
    r"|head of|consultant|architect|engineer|developer|administrator|analyst|specialist|officer|executive|assistant"
    r"|sales"
    r"|geschaftsfuhrer(?:in)?|inhaber(?:in)?|leiter(?:in)?|berater(?:in)?|projektleit\w+|vertrieb|assistenz"
    r"|prokurist(?:in)?"
    r"|\w+berater(?:in)?|\w+leiter(?:in)?|directeur|directrice|gerant[es]?|responsable|chef(?:fe)? de|ingenieure?"
    r"|associe"
    r"|conseiller|gerente|jefe|jefa|ingenier[oa]|socio|socia|consultor[a]?|direttore|titolare|responsabile"
    r"|amministratore"
    r"|consulente|diretor[a]?|directeur|adviseur|zaakvoerder|eigenaar|konsult|chef|saljare|vd|dyrektor|prezes|kierownik"
    r"|konsultant)\b"
)
_NOTICE = re.compile(
    r"\b(?:confidential\w*|privileged|intended (?:only|solely|for)|vertraulich\w*|confidentiel\w*|confidencial\w*"
    r"|riservat\w*"
    r"|vertrouwelijk\w*|before (?:you )?print\w*|environment before)\b"
)
_CHANGES = re.compile(
    r"\b(?:but|only|not|never|instead|rather|hide|mask|remove|delete|change|replace|add|drop|also|except|should|must"
    r"|needs?"
    r"|please|aber|sondern|nur|nicht|kein\w*|auch|statt|bitte|verberg\w*|versteck\w*|streich\w*|entfern\w*|ander(?:n"
    r"|e|t)"
    r"|ersetz\w*|brauch\w*|mais|seulement|pas|aussi|plutot|masquez|cachez|supprimez|changez|remplacez|ajoutez|pero|solo"
    r"|tambien|ocult\w*|cambi[ae]\w*|quit[ae]\w*|maar|alleen|niet|geen|ook|verwijder\w*|wijzig\w*|ma|anche|non"
    r"|nascond\w*"
    r"|togli\w*|aggiung\w*|mas|apenas|nao|tambem|escond\w*|mude|remova|men|bara|inte|ocksa|dolj|lagg till|ta bort|ale"
    r"|tylko|nie|takze|ukryj|zmien|usun|dodaj)\b|n't\b|\bno\b(?!\.? ?\d)"
)
_FACT = re.compile(
    r"[€$£]|\b(?:remote(?:ly)?|on-?site|on site|vor ort|sur (?:site|place)|budget|deadline|due|eur|euros?|chf|usd"
    r"|gbp|asap"
    r"|start(?:s|ing)?|days?|tage|jours|weeks?|wochen|months?|hours?|stunden|users|mailboxes|seats|people|leute"
    r"|customer|kunde"
    r"|client|pays?|q[1-4]|(?:mon|tues|wednes|thurs|fri)day|montag|dienstag|mittwoch|donnerstag|freitag)\b"
    r"|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{4}-\d\d-\d\d\b|^\W*(?:by|from|until|ab|bis(?! (?:bald|dann|spater"
    r"|morgen))|to)\b"
    r"|\b\d{1,2}(?:st|nd|rd|th|\.)? (?:jan|feb|mar|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-z]*\b"
)
_FIELD = re.compile(rf"^\W*(?!{_LABEL}\.?\s*:)[^\W\d][^:|]{{0,30}}[:=](?!//)")
_BETWEEN_NAMES = """
    of for and & the at in on to a an der die das des den dem und fur von zu zur bei im am auf unter de du la le les et
    d l y del el los las e da dos di della rue avenue boulevard calle via rua plaza ul con och i en van het voor w z na
    z.o.o o
    """
_PARTICLES = frozenset(_BETWEEN_NAMES.split())
_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def split(said: str) -> tuple[str, str]:
    """Split a text at its first blank line."""
    found = _BLANK.search(said)
    return (said[: found.start()], said[found.end() :]) if found else (said, "")


def telling(tail: str) -> str:
    """Return a text without the signature, the wishes and the notices at its end; empty when it is nothing else."""
    paragraphs = [one for one in _BLANK.split(tail) if one.strip()]
    while paragraphs and _NOTICE.search(words.fold(paragraphs[-1])) and not _is_short(paragraphs[-1]):
        paragraphs.pop()
    for n in range(max(len(paragraphs) - MAX_PARAGRAPHS, 0), len(paragraphs)):
        if _closes(paragraphs[n:]) and not (_is_only_words(paragraphs[n]) and _closes_by_name(paragraphs[n + 1 :])):
            return "\n\n".join(paragraphs[:n])
    return "\n\n".join(paragraphs)


def _is_only_words(text: str) -> bool:
    """Tell one line that may be a name as well as a place or a product."""
    known = _is_wish(text) or _certainly_signs(text) or _TITLE.search(words.fold(text))
    return "\n" not in text.strip() and not known


def _closes_by_name(paragraphs: list[str]) -> bool:
    return bool(paragraphs) and _closes(paragraphs) and _is_only_words(paragraphs[0].split("\n")[0])


def _is_short(text: str) -> bool:
    return len(text) < 40


def _closes(paragraphs: list[str]) -> bool:
    """Tell a signature: each line looks like one, and one at least cannot be anything else."""
    lines = [line.strip() for one in paragraphs for line in one.split("\n") if line.strip()]
    if not all(map(_may_sign, lines)):
        return False
    if any(map(_is_wish, lines)) or _certainly_signs(lines[0]):
        return True
    below = lines[1:] if len(lines[0].split()) > 1 or "\n" in paragraphs[0] else []
    return any(_certainly_signs(one) or bool(_TITLE.search(words.fold(one))) for one in below)


def _is_wish(line: str) -> bool:
    folded = words.fold(line)
    return bool(_WISH.match(folded)) and not _CHANGES.search(folded) and not _FACT.search(folded)


def _certainly_signs(line: str) -> bool:
    folded = words.fold(line)
    return line.count("|") > 1 or any(one.search(folded) for one in (_CONTACT, _FIRM, _STREET))


def _may_sign(line: str) -> bool:
    """Tell a line with nothing to change in it: a wish, contact data, a job, or names and no sentence."""
    folded = words.fold(line)
    if _is_wish(line):
        return True
    if _CHANGES.search(folded) or len(line.split()) > MAX_WORDS or line.endswith("?"):
        return False
    if line.count("|") > 1:
        return _is_named(line.partition("|")[0])
    if _FACT.search(folded) or _FIELD.match(folded):
        return False
    return bool(_TITLE.match(folded.lstrip(" \t-*"))) and len(line.split()) < 9 or _is_named(line)


def _is_named(line: str) -> bool:
    """Tell words that all begin with a capital or a digit, but for those between names; addresses may be small."""
    told = [one.strip("()[].,;:&|/*•·-–—+'\"") for one in line.split()]
    return all(
        not one or not one[0].islower() or words.fold(one) in _PARTICLES or _CONTACT.search(words.fold(one))
        for one in told
    )
