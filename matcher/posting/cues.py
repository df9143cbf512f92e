"""A clause becomes its part in a posting: what is needed, what the poster has, or neither."""

import re

from matcher.posting.names import words

NEED = re.compile(
    r"\b(?:needs?|needed|needing|looking (?:for|to (?:hire|find|borrow|team))|look for|in search of|seeks?"
    r"|seeking|searching|search for|wanted|required?|requires|who (?:can|could|knows|has|have|does|will"
    r"|speaks?|is able)"
    r"|(?:someone|somebody|anyone|anybody|a partner|partners?|a firm|people|a team|an expert|experts?"
    r"|a specialist|a pair of hands|hands) (?:who|to|for|with|that|able)|people on|help wanted"
    r"|help (?:us )?(?:with|to|us)|can you|could you|can (?:anyone|anybody)|(?:does|has|is) (?:anyone|anybody)"
    r"|anyone out there"
    r"|missing|lack(?:s|ing)?|short of|short-handed|beyond us|outside (?:our|what we)|not our (?:thing|trade"
    r"|business|world|field)|no (?:idea|clue|experience|expertise|in-house|one|people|capacity|staff|skills?)"
    r"|nobody (?:here|in|at|on our|of us|who|for|knows how)|know nobody|none of us"
    r"|(?:can't|can’t|cannot|can not|don't|don’t|do not|never) (?:do|have|know|touch|offer|cover|deliver|done"
    r"|want to (?:do|touch))|have (?:no|not|never|neither)\b|would like (?:someone|somebody|help|to hand"
    r"|to pass)|want (?:someone|somebody|a|to hand)|take (?:over|on) (?:the|this|that|our)|subcontract (?:the"
    r"|this|out)"
    r"|hand (?:over|off|out) (?:the|this)|join us|please (?:quote|offer|get in touch)|to be (?:done|delivered"
    r"|taken over) by|we(?:'re| are) stuck"
    r"|brauche[n]?|braucht|such(?:e|en|t)|gesucht|benötig(?:en|t|e)|fehlen|fehlt|wer (?:kann|hat|macht|kennt)"
    r"|jemand(?:en)?|können wir nicht|haben wir nicht|machen wir nicht|kein(?:e|en)? (?:eigene[nrs]?|Leute"
    r"|Erfahrung|Kapazität\w*|Personal)|niemanden|niemand (?:hier|bei uns)|Unterstützung (?:bei|für|durch)"
    r"|(?:die|das|der) (?:uns|wir) (?:fehlt|nicht)"
    r"|cherch(?:e|ons|ent)|recherch(?:e|ons)|besoin|manque|quelqu'un|qui (?:sait|peut|saurait|puisse)"
    r"|n'avons pas|ne faisons pas|ne savons pas|personne (?:chez|pour|ici)|il nous faut|renfort"
    r"|necesit(?:o|amos|a)|busc(?:o|amos|a)|se busca|nos falta|hace falta|alguien|quien (?:pueda|sepa)"
    r"|no (?:tenemos|hacemos|sabemos)|"
    r"nodig|zoek(?:en|t)?|gezocht|hebben (?:geen|niemand)|ontbreekt|iemand (?:die|voor|om|met)|wie (?:kan|wel"
    r"|kent)|raken geen|doen wij niet|etsimme"
    r"|brakuje|(?:po)?szuk(?:am|amy|uję|ujemy)|potrzeb(?:uję|ujemy|ny|na|ne|a nam)|kogoś|hledám[e]?|potřebuj(?:i|u|eme)"
    r"|sháním[e]?|chybí|někoho"
    r"|søger|leder efter|mangler|har brug for|trenger|nogen(?: til|,? der| som)|noen som"
    r"|söker|letar efter|behöver|saknar|någon(?: som|,)"
    r"|cerc(?:o|hiamo)|abbiamo bisogno|ho bisogno|(?:ci|mi) serv(?:e|ono)|qualcuno"
    r"|precis(?:o|amos)|procur(?:o|amos)|falta-nos|alguém)\b",
    re.IGNORECASE,
)
NO_NEED = re.compile(
    r"\b(?:no need|not need(?:ed)?|don't need|do not need|doesn't need|needn't|not required|not looking"
    r"|nicht (?:nötig|gebraucht|gesucht|benötigt)|brauchen wir (?:nicht|kein\w*)|pas besoin|no necesitamos"
    r"|niet nodig|no (?:help|support) needed)\b",
    re.IGNORECASE,
)
HAVE = re.compile(
    r"\b(?:we(?:'ve| have)? (?:just |recently |already )?(?:won|landed|signed|got|been awarded|sold|closed)"
    r"|have won|has been awarded|are about to win|ourselves|in-house|in house|by ourselves|we (?:do|handle"
    r"|cover|deliver|run|manage|take care|keep|bring|look after|provide|supply|sell|stay|host|know|specialise"
    r"|specialize|build|make|write|are|'re|will do|can do|already)"
    r"|we have(?! (?:no|not|never|to|nobody|neither)\b)|we (?!all|both|can\b)\w+|we'll (?:do|handle|keep|stay"
    r"|manage)|i (?:do|am|run|handle)|our (?:own|team|people|engineers|staff|consultants|side|part|job|bread)"
    r"|is (?:covered|done by us|ours)|are ours|done by us|stays with us|on our side"
    r"|haben (?:\w+ ){0,4}gewonnen|gewonnen|machen wir|übernehmen wir|können wir|wir (?:machen|übernehmen|sind"
    r"|haben|betreuen|liefern|kümmern|selbst)|selbst|(?:avons|a) (?:gagné|remporté|signé)|nous-mêmes"
    r"|nous (?:faisons|sommes|gérons|assurons|avons)|hemos (?:ganado|firmado)"
    r"|nosotros mismos|(?:nosotros )?(?:hacemos|somos|llevamos|tenemos)|hebben (?:\w+ ){0,4}gewonnen|zelf"
    r"|wij (?:doen|zijn|hebben|leveren)|nous-mêmes)\b",
    re.IGNORECASE,
)
# In a text that was put into English word by word, nothing is left of grammar: the verb alone must tell.
GLOSSED_NEED = re.compile(
    r"\b(?:need(?:s|ed)?|seek(?:s|ing)?|search(?:es|ing)?|look for|looking for|lack(?:s|ing)?|missing|somebody|someone"
    r"|nobody|required?|sought)\b",
    re.IGNORECASE,
)
GLOSSED_WANT = re.compile(r"\b(?:want(?:s|ed)?|would like|wish(?:es)?|ask(?:s|ed)?|must|should)\b", re.IGNORECASE)
# What the customer wants is what is needed, unless the poster does it.
WANT = re.compile(
    r"\b(?:wants?|would like|(?:they|he|she|it)['’]d like|ask(?:s|ed|ing)? (?:us )?(?:for|to|if|who|whether)"
    r"|ask us|(?:möchte|wünscht|verlangt)|(?:souhaite|veut|demande)(?:nt)?|quieren?|wil(?:len)?|has to|have to"
    r"|must|should)\b",
    re.IGNORECASE,
)
CUSTOMER_WANTS = re.compile(
    r"\b(?:they|he|she|(?:customer|client|boss|council|hospital|hotel|firm|company|kunde)s?(?: \w+)?|who|which"
    r"|that)(?: now| also)? (?:wants?|would like|ask(?:s|ed)?|möchte|will)\b",
    re.IGNORECASE,
)
LEAD_IN = re.compile(
    r"^(?:(?:so|and|but|now|also|hence|therefore|what|for (?:this|that|it|which)|currently|urgently|please"
    r"|to (?:finish|complete) (?:it|this))[, ]+)*"
    r"(?:(?:we|i|they|our (?:customer|client)|the customer)(?:'re| are|'m| am|'d| would| will| do)?(?: (?:also"
    r"|now|still|urgently|therefore|currently|just|really|desperately))*"
    r" (?:need(?: is)?|needs|look(?:ing)? for|searching for|seek(?:ing)?|require|want|lack|like)|(?:are "
    r"|am )?looking for|in search of|seeking|searching for|wanted:?|needed:?|need:?|required:?|is there"
    r"|does anyone know"
    r"|wir (?:suchen|brauchen|benötigen)|(?:dringend )?(?:suchen|suche|brauchen|benötigen)(?: wir)?|gesucht:?"
    r"|nous (?:cherchons|recherchons|avons besoin d[e'])|(?:cherchons|recherchons|recherche|cherche)"
    r"|il nous faut|necesitamos|buscamos|se busca|nos falta|wij zoeken|we zoeken|zoeken(?: wij| we)?"
    r"|gezocht:?)[:,]?\s+(?:to\s+)?(?:(?:dringend|urgently|urgent|einen|einen erfahrenen|eine)\s+)*",
    re.IGNORECASE,
)
WHO_CAN = re.compile(
    r"^(?:an? |some |one |the |eine[nr]? |un |une |een )?(?:\w+ )?(?:someone|somebody|anyone|partner|firm"
    r"|company|team|people|jemand(?:en)?|quelqu'un|alguien|iemand)(?: (?:there|here|out there|else))?,? "
    r"(?:who (?:can|could|will|would)|that can|which can|able to|to|qui (?:peut|sait)|que (?:pueda"
    r"|sepa))\s+",
    re.IGNORECASE,
)
BACK_REFERENCE = re.compile(
    r"\b(?:this|that|it|these|those|them|the (?:rest|job|work|other part|latter)|this part|dies|dafür|das|cela"
    r"|ça|esto|eso|dit|dat|daarvoor|hierfür|hiervoor)\b",
    re.IGNORECASE,
)
EMPTY_WORDS = words(
    """
    a about all also an and any anyone anybody are as at be but by can could customer customers client do does
    everything expert experts fast few firm for from get good guy guys have he help her here hi hello i if in into
    is it its it's job just know lot me more my need needed needs new nice nobody of on one or our out partner
    partners people person please problem problems project projects quick quickly really she so some somebody
    someone soon something specialist stuff support task team thanks that the their them there these they thing
    things this time to us very want we what when where which who will with work would you your looking look find
    searching wanted company hand hands services service solution solutions system systems technology technical
    computer computers computing software digital it-stuff tech various general usual asap urgent urgently brauchen
    brauche suchen suche wir ich ein eine einen für mit und oder hilfe bei unser unsere kunde projekt jemand
    jemanden der die das im in zu nous cherchons besoin aide de du des le la les un une pour avec et projet client
    quelqu'un informatique necesitamos buscamos ayuda con el los las para una proyecto cliente alguien wij zoeken
    partenaire partenaires recherche recherchons recherché socio socios partnera potrzebny szukamy gesucht gezocht
    unterstützung parceiro parceiros procuramos partnerem cercasi cerchiamo hulp bij een het voor met en edv days
    weeks months day week month january february march april may june july august september october november
    december remote onsite site pays paid pay fixed price budget eur euro
    """
)


def role(clause: str) -> str:
    """Say what a clause is: need, have (the poster does it), want (the customer wants it) or other."""
    if NO_NEED.search(clause):
        return "have"
    if NEED.search(clause):
        return "need"
    if CUSTOMER_WANTS.search(clause):
        return "want"
    if HAVE.search(clause):
        return "have"
    return "want" if WANT.search(clause) else "other"


def role_of_gloss(clause: str) -> str:
    """Say what a clause is that was put into English word by word: need, want or other."""
    if GLOSSED_NEED.search(clause):
        return "need"
    return "want" if GLOSSED_WANT.search(clause) else "other"


def bare(clause: str) -> str:
    """Take the words of asking off a need: 'We are looking for a DBA.' is 'A DBA.'"""
    for pattern in (LEAD_IN, WHO_CAN):
        rest = pattern.sub("", clause, count=1).strip()
        if len(rest.split()) >= 2:
            clause = rest
    return clause[:1].upper() + clause[1:]


def n_telling_letters(text: str) -> int:
    """Count the letters of the words that say something concrete."""
    found = re.findall(r"[^\W_][\w'’+#/.-]*[^\W_]|[^\W_]", text)
    return sum(len(word) for word in found if word.casefold() not in EMPTY_WORDS and not word.isdigit())
