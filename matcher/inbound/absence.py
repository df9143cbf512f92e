"""Words that only say that their sender is away, as programs write for the absent, told from what a person asks for.

A subject or a header that says "automatic reply" is the surer sign (`away`, `auto`); here is what comes without either.
A sentence counts as one of absence when it names the absence and no word of it says anything else: dates, "back",
"no access to mail", who helps meanwhile. "I am away in that week, so no" says more and stays a person's answer.
"""

import re

from matcher.inbound import words
from matcher.inbound.clauses import without_courtesy

MOST = 2_000  # characters; what is longer says more than an absence
WRAPPED = 50  # characters; a longer line may go on in the next one
# All folded, as in `words`: English, German, French, Spanish, Italian, Dutch, Portuguese, Swedish, Danish, Norwegian,
# Polish, Czech, Finnish.
AWAY = re.compile(
    r"\b(?:out of (?:the |my )?office|back (?:in|at) (?:the |my )?(?:office|desk)|away"
    r"|(?:on|in) (?:(?:my |our |annual |summer |parental |maternity |sick |paternity |a )*)(?:holidays?|vacation|leave)"
    r"|not (?:in|at) (?:the |my )?office|off sick|on sick leave|ooo"
    r"|office is (?:currently )?closed"
    r"|i(?: am|'m)? no longer (?:(?:work(?:ing)?|employed) (?:at|for|here)|with)\b.{0,40}"
    r"|nicht (?:im|in unserem) (?:buro|hause?)|im (?:\w+)?urlaub|in (?:den ferien|elternzeit|urlaub)|abwesend"
    r"|ausser haus|auser haus|ab (?:dem )?\d[\d. ]*\w* wieder|krankgeschrieben"
    r"|en (?:conges?|vacances|arret maladie)|absente?s?|hors du bureau"
    r"|de vacaciones|fuera de (?:la )?oficina|ausentes?|de baja (?:medica|por enfermedad)"
    r"|in (?:ferie|vacanza|malattia)|assenti?e?|fuori (?:ufficio|sede)"
    r"|(?:met|op) (?:vakantie|verlof)|afwezig|niet (?:op|in) (?:het )?kantoor|buiten kantoor"
    r"|de ferias|fora do escritorio"
    r"|pa semester|inte pa (?:kontoret|plats)|franvarande|foraldraledig|tjanstledig|bortrest"
    r"|pa (?:ferie|orlov|barsel)|ikke (?:pa|til) kontoret|bortreist|fravaerende"
    r"|na (?:urlopie|wakacjach|zwolnieniu)|nieobecn[aey]|poza biurem"
    r"|na dovolene|mimo kancelar|nepritom[ne][naey]*|lomalla|poissa(?: toimistosta)?)\b"
)
RECEIPT = re.compile(
    r"\b(?:(?:we )?(?:have )?received your (?:mail|e-?mail|message|request|enquiry)"
    r"|your (?:mail|e-?mail|message|request|enquiry) (?:has been|was) received"
    r"|a ticket (?:has been|was) (?:created|opened)"
    r"|ihre (?:nachricht|anfrage|mail|e-mail) (?:ist (?:bei uns )?eingegangen|wurde (?:erfasst|registriert))"
    r"|this is an auto\w* (?:reply|response|message)|dies ist eine automatische)\b"
)
# From here to its end a sentence says who helps meanwhile, or what becomes of the mail.
MEANWHILE = re.compile(
    r"\b(?:urgent\w*|emergenc\w+|(?:please )?(?:contact|call|write to|reach|e-?mail) (?:my (?:colleague|team)|our team"
    r"|our (?:office|desk|support)|[\w.+-]+@|\+?\d)|in my absence|during (?:this|that|my) (?:time|absence|period)"
    r"|dringend\w*|in (?:eiligen|wichtigen) \w+|wenden sie sich|meine? (?:vertretung|kolleg\w+)|weitergeleitet"
    r"|urgen(?:ce|te?s?|cias?|za)|contactez|veuillez contacter|mon absence"
    r"|contacte|contactar|dirijase|mi ausencia|contattare|rivolgersi|mia assenza"
    r"|spoed\w*|dringende|contact opnemen met|mijn afwezigheid|contactar|contacte|minha ausencia"
    r"|bradskande|akuta?|kontakta|haster|hastesaker|kontakt (?:min|venligst|gjerne)"
    r"|pilne|pilnych|naglych|prosze o kontakt|nalehav\w+|kontaktujte|kiireellis\w+)\b.*$",
    re.S,
)
HARMLESS = re.compile(
    r"\b(?:(?:with |have |having )?(?:no|limited|little|only limited|without|restricted) access to (?:my |our )?"
    r"(?:e-?)?mails?(?: or phone)?"
    r"|(?:will|shall|can|may|do) not (?:be (?:able to )?)?(?:return|back|available|reachable|read|answer|reply|respond"
    r"|have access)|until then|(?:will|shall) (?:read|reply|respond|answer|get back|return)[\w ,-]{0,40}later"
    r"|keinen? zugriff auf (?:meine )?(?:e-?)?mails?|nicht (?:erreichbar|gelesen|bearbeitet)"
    r"|pas acces a (?:mes |ma )?(?:e-?)?\w+|sin acceso a[l]? (?:mi )?\w+|geen toegang tot (?:mijn )?\w+)\b"
)
_DATES = """
    monday mon tuesday tue wednesday wed thursday thu friday fri saturday sat sunday sun january jan february feb march
    mar april apr may june jun july jul august aug september sept sep october oct november nov december dec st nd rd th
    montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar marz mai juni juli oktober dezember uhr
    lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril juin juillet aout septembre octobre
    novembre decembre lunes martes miercoles jueves viernes sabado domingo enero febrero marzo abril mayo junio julio
    agosto septiembre octubre noviembre diciembre lunedi martedi mercoledi giovedi venerdi sabato domenica gennaio
    febbraio aprile maggio giugno luglio settembre ottobre dicembre maandag dinsdag woensdag donderdag vrijdag zaterdag
    zondag januari februari maart mei augustus segunda segunda-feira terca terca-feira quarta quarta-feira quinta
    quinta-feira sexta sexta-feira janeiro fevereiro marco maio junho julho setembro outubro dezembro mandag tisdag
    onsdag torsdag fredag lordag sondag tirsdag maj augusti desember kl poniedzialku poniedzialek wtorku srody czwartku
    piatku stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia pondeli
    utery ctvrtek patek ledna unora brezna dubna kvetna cervna cervence srpna zari rijna prosince
    maanantaihin tammikuuta joulukuuta
"""
_SAID = """
    i am i'm im we are we're will be been is it's our my the a an of on in at from to until till through and or by for
    with this that week month year day days weeks months today tomorrow next incl including currently presently now
    again back returning return returned starting start available reachable reply respond answer read get you your
    yours mail mails email emails e-mail message messages inbox office as soon possible when once after upon then shall
    all any have has hello hi dear thanks thank please annual parental sick summer christmas easter new year merry happy
    wish holiday holidays vacation leave closed within working business matter matters case cases anything something
    just so meanwhile short a.m p.m am pm noon contact sorry delay
    ich bin wir sind habe ist der die das dem den im in am ab bis zum zur und oder vom von mit fur ihre ihr ihnen mich
    mir sie werde wird wieder zuruck derzeit zurzeit momentan aktuell leider erreichbar da buro hause nachricht mail
    antworten antworte melde melden beantworten einschliesslich sein nach meiner ruckkehr anschliesend schnellstmoglich
    bei falls fallen
    urlaub abwesend nicht hier tage wochen
    je suis nous sommes serai sera du de des le la les au aux jusqu'au jusqu'a jusque et ou en votre vos vous pour a
    retour retournerai repondrai des mon ma mes bureau actuellement message mail courriel lundi absent absente
    inclus toute tout cas d
    estoy estamos estare estaremos del el los al hasta desde y o su sus mi mis vuelta volvere respondere regreso
    actualmente mensaje correo lo antes posible oficina dia para asuntos caso
    sono siamo saro saremo dal dall'ufficio fino al alla e ed il lo la rientro rientrero rispondero tornero messaggio
    attualmente ufficio giorno suo sua
    ik wij we ben zijn tot en met van vanaf ben weer terug mijn uw je jouw op het een bericht zal reageren beantwoorden
    momenteel kantoor voor zaken
    estou estamos estarei ate a ao dia retorno voltarei responderei mensagem meu sua escritorio neste momento
    jag vi ar ska kommer fran till och med tillbaka ater svarar svara mitt ditt din mejl mail meddelande kontoret
    jeg er fra til og igen igjen tilbake tilbage svarer min din mail melding besked for pa
    jestem jestesmy bede do od dnia i w wracam wroce odpowiem odpisze po powrocie biurze biura moj panstwa wiadomosc
    jsem jsme budu do od a se v ve zpet odpovim po navratu vas zprava z za dekuji pripade
    olen olemme asti saakka palaan
"""
SAID = frozenset((_SAID + _DATES).split())
NUMBERED = re.compile(r"^\W*\d{1,2}(?:\W+\d{1,2}){0,4}(?:\s*[,:;)-]|\W*$)")  # "1, I'm away" chooses something
# "30. November" goes on, and so does "in urgent cases: +44 …"; "until Monday: 2 later" does not.
BOUNDARY = re.compile(
    r"(?<=[^\d\s][!?;])\s+|:\s+(?=\d{1,2}\s+[^\W\d])|(?<=[^\W\d]{2}\.)\s+|\s+[-–—]\s+|\n+"
    r"|(?<=\d[.!])\s+(?=(?:In|For|If|I|We|Please|Bei|Falls|En|Per|Voor|Para)\b)"
)


def beside_absence(text: str) -> str | None:
    """Return what words say besides that their sender is away, empty for nothing; None where no absence is named."""
    if len(text) > MOST:
        return None
    kept, is_away = [], False
    for sentence in _sentences(text):
        said = _what_it_says(sentence)
        if words.SIGN_OFF.match(said):
            break
        is_away = is_away or bool(AWAY.search(said) or RECEIPT.search(said))
        if not _is_harmless(said):
            kept.append(sentence)
    return "\n".join(kept) if is_away else None


def _sentences(text: str) -> list[str]:
    """Cut a text into sentences; a line that was wrapped goes on."""
    joined = re.sub(rf"(?m)(?<=\S)(?<=.{{{WRAPPED}}})[ \t]*\n(?=[ \t]*\S)", " ", text.strip())
    return [each.strip() for each in BOUNDARY.split(joined) if each.strip(" .!;:,-")]


def _what_it_says(sentence: str) -> str:
    """Drop greeting and thanks, and fold; a sentence of nothing else says nothing."""
    return words.fold(without_courtesy(sentence))


def _is_harmless(said: str) -> bool:
    """Tell a sentence that says nothing but an absence, dates, courtesy, and who helps meanwhile."""
    left = AWAY.sub(" ", RECEIPT.sub(" ", HARMLESS.sub(" ", MEANWHILE.sub(" ", said))))
    tokens = re.findall(r"[^\W\d_]+(?:['.-][^\W\d_]+)*", left)
    return "?" not in left and not NUMBERED.match(said) and all(each in SAID for each in tokens)
