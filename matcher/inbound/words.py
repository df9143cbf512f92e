"""The words that carry an answer, in nine languages, to what they mean; all folded: lower case, no accents."""

import re
import unicodedata
from functools import lru_cache

_SINGLE = str.maketrans("łßøæđıŁØ’‘`´“”„«»–—−", 'lsoadilo\'\'\'\'"""""---')


def fold(text: str) -> str:
    """Fold case and accents, one character for each character, so that positions stay valid."""
    text = text.translate(_SINGLE)
    return text.lower() if text.isascii() else "".join(map(_fold_one, text))


@lru_cache(maxsize=4_096)
def _fold_one(one: str) -> str:
    if one.isascii():
        return one.lower()
    return (unicodedata.normalize("NFKD", one)[:1] or one).lower()[:1]


# English; German; French; Spanish; Dutch; Italian; Portuguese; Swedish; Polish.
PHRASES = {
    "yes": """yes|interessiere mich|interessieren uns|nous interesse|m'interesse|nos interesa|me interesa
        |ci interessa|interessa|yep|yeah|yup|yes please|sure|of course|absolutely|definitely|certainly
        |interested|very interested|count us in|count me in
        |we are in|we're in|i am in|i'm in|gladly|happy to|glad to|with pleasure|love to|would love|we'd love
        |i'd love|keen|want|accept|deal
        |ja|ja bitte|jawohl|gern|gerne|interessiert|haben interesse|oui|volontiers|interesse|interesses
        |interessee|avec plaisir|si|claro|interesado|interesados|interesada
        |con mucho gusto|ja graag|graag|geinteresseerd|volentieri|interessati|interessato|sim|interessado
        |interessados|com certeza
        |garna|ja tack|ja tak|ja takk|intresserad|intresserade|tak|chetnie|zainteresowani|zainteresowany
        |jestesmy zainteresowani""",
    "ok": """ok|okay|o.k.|oki|correct|that's correct|that is correct|right|that's right|looks good|looks right
        |looks fine|all good|fine|good|perfect|great
        |confirm|confirmed|i confirm|we confirm|agreed|approved|go ahead|publish|exactly|passt|stimmt|richtig
        |korrekt|in ordnung|einverstanden
        |bestatigt|d'accord|c'est bon|parfait|correcte|c'est correct|exact|de acuerdo|vale|correcto|perfecto
        |conforme|akkoord|klopt|prima|goed|juist
        |va bene|corretto|perfetto|d'accordo|esatto|certo|correto|perfeito|esta bem|de acordo|confirmo
        |det stammer|stammer|bra|ratt|godkand
        |zgoda|dobrze|zgadza sie|w porzadku|potwierdzam|poprawnie""",
    "no": """no|non siamo interessati|no estamos interesados|nao estamos interessados|nope|nah|no thanks
        |no thank you|not interested|no interest|not for us|not for me|not a fit
        |no fit|not interesting|pass|i pass|we pass|we'll pass|i'll pass|decline
        |skip|can't|cannot|can not|unable|won't|not|don't want|do not want|don't|nein|nein danke|kein interesse
        |nicht interessiert|leider nein|leider nicht|nicht
        |non|non merci|pas interesse|pas interesses|pas|ne sommes pas interesses|no gracias|no nos interesa
        |no me interesa|no interesa|nee|nee bedankt|geen interesse|niet
        |niet geinteresseerd|no grazie|non interessati|non ci interessa|nao|nao obrigado|nao obrigada
        |sem interesse|nao interessa
        |nej|nej tack|nej tak|nei takk|inte|inte intresserad|inte intresserade|ej|nie|nie dziekuje|niezainteresowani
        |nie jestesmy zainteresowani""",
    "later": """later|not now|not yet|maybe later|another time|some other time|remind me|remind us|ask again
        |next time|next month|spater|nicht jetzt|noch nicht|jetzt nicht
        |plus tard|pas maintenant|pas encore|mas tarde|luego|despues|ahora no|no ahora|todavia no|aun no
        |mas adelante|nu niet|nog niet|straks|piu tardi
        |dopo|non ora|non ancora|mais tarde|depois|agora nao|ainda nao|senare|inte nu|inte an|pozniej|nie teraz
        |jeszcze nie""",
    "none": """none|none of them|none of these|none of those|no to all|no to all of them|not interested in any
        |not interested in any of them|not interested in any of these
        |nothing for us|nothing for me|nothing this time|nothing today|neither|keine|keines|keins|keiner
        |keine davon|keines davon|nichts dabei|nichts fur uns|nein zu allen
        |aucun|aucune|aucune des offres|ninguno|ninguna|ninguna de ellas|geen|geen van deze|geen van allen
        |nessuno|nessuna|nessuna di queste|nenhum|nenhuma
        |inga|ingen|inget|ingen av dem|zaden|zadna|zadne|zadnej""",
    "choose": (
        "choose|take|pick|introduce|meet|go with|connect|nehmen|nehme|wahle|wahlen|choisis|choisissons"
        "|elegimos|elijo|kies|kiezen|scelgo|scegliamo|escolho|escolhemos|valjer|wybieram|wybieramy"
    ),
    "extend": """extend|extend it|extension|keep it open|keep open|more time|verlangern|verlangere|verlangerung
        |prolonger|prolongez|prolongar|ampliar|verlengen|verleng
        |prolungare|prolunga|prorrogar|forlang|forlanga|przedluz|przedluzyc""",
    "close": """close|close it|closed|withdraw|withdrawn|withdraw it|cancel|cancel it|filled|schliessen
        |schliesen|schliese|zuruckziehen|beenden|fermer|fermez|cloturer|retirer
        |annuler|cerrar|retirar|cancelar|sluiten|sluit|intrekken|chiudere|chiudi|ritirare|annullare|fechar|stang
        |stanga|dra tillbaka|zamknij|zamknac|wycofaj""",
    "stop": """stop|unsubscribe|unsubscribe me|unsubscribe us|remove me|remove us|opt out|opt-out|stop sending
        |stop mails|stop these mails|stop emailing me|abmelden|abbestellen|desabonner
        |desabonnez-moi|desinscription|baja|darse de baja|afmelden|uitschrijven|disiscrivi|disiscrivimi
        |cancelar assinatura|cancelar subscricao|avregistrera|wypisz|wypisz mnie""",
    "hedge": """maybe|perhaps|not sure|unsure|might|possibly|depends|it depends|vielleicht|eventuell
        |nicht sicher|weis nicht|peut-etre|pas sur|quizas|quiza|tal vez|no se|no estoy seguro
        |misschien|weet niet|niet zeker|forse|non so|talvez|nao sei|kanske|vet inte|osaker|moze|nie wiem
        |don't know|do not know|i think|we think|i guess|i suppose|i believe|probably|presumably|hopefully|let me think
        |let me check|let us check|i will check|we will check|will think about|thinking about it|not certain|undecided
        |to be confirmed|wahrscheinlich|vermutlich|denke ich|ich denke|glaube ich|ich glaube|hoffentlich|unsicher
        |je pense|je crois|probablement|sans doute|je ne sais pas|creo que|pienso que|probablemente|a lo mejor
        |ik denk|ik geloof|waarschijnlijk|hopelijk|penso di|credo di|probabilmente|acho que|provavelmente
        |jag tror|troligen|formodligen|mysle ze|chyba|prawdopodobnie""",
    "all": (
        "all|all of them|all of these|all of those|everything|every one|alle|alles|allen|alle davon|tous"
        "|toutes|todos|todas|tutti|tutte|allihop|wszystkie|wszystkich"
    ),
    "both": (
        "both|both of them|both of these|beide|beiden|les deux|ambos|ambas|los dos|allebei|entrambi|entrambe"
        "|tutti e due|os dois|bada|oba|obie"
    ),
    "rest": (
        "the rest|rest|the others|others|all others|all the others|other ones|the other ones|den rest"
        "|die anderen|le reste|les autres|el resto|los demas|de rest|de andere|il resto|gli altri|o resto"
        "|os outros|resten|de andra|reszta|pozostale"
    ),
    "ask": (
        "ask|question|question about|question on|question for|frage|frage zu|fragen|demande|demander"
        "|pregunta|preguntar|vraag|vragen|chiedi|domanda|pergunta|perguntar|fraga|pytanie|zapytaj"
    ),
    "refer": """refer|forward|recommend|weiterleiten|empfehlen|verweise|weitergeben|transferer
        |transferez|recommander|derivar|remitir|recomendar|doorverwijzen|doorsturen
        |inoltra|inoltrare|consiglio|encaminhar|vidarebefordra|hanvisa|przekaz|przekazac|polecam""",
    "won": """won|we won|i won|closed won|signed|got it|got the deal|deal won|gewonnen|haben gewonnen|gagne
        |remporte|signe|ganado|ganada|ganamos|gane|gewonnen|binnengehaald|vinto|vinta|abbiamo vinto
        |ganho|ganhamos|ganhei|vunnit|vann|vunnen|wygrana|wygralismy|wygrane|wygrany""",
    "lost": """lost|we lost|not won|didn't win|did not win|didn't get it|did not get it|went elsewhere|verloren
        |nicht gewonnen|perdu|pas gagne|perdido|perdida|perdimos|no ganado|no ganamos
        |niet gewonnen|perso|persa|abbiamo perso|non vinto|perdemos|nao ganhamos|forlorat|forlorad|forlorade
        |inte vunnit|przegrana|przegralismy|przegrane""",
    "open": """not yet|still open|pending|in progress|ongoing|too early|no decision yet|undecided|waiting
        |noch offen|noch nicht|lauft noch|en cours|pas encore|pendiente|todavia no|aun no|en curso|nog niet
        |loopt nog
        |non ancora|in corso|ainda nao|em curso|inte an|pagar|jeszcze nie|w toku|later|not decided
        |haven't won yet|not won yet""",
    "wrong": """wrong|incorrect|not correct|not right|not ok|not okay|not true|that's wrong|falsch|stimmt nicht
        |nicht richtig|nicht korrekt|faux|incorrecte|pas correct|incorrecto|no es correcto|fout|klopt niet
        |niet juist
        |sbagliato|non corretto|errato|errado|incorreto|fel|stammer inte|zle|nieprawda|niepoprawnie|nie zgadza sie""",
}  # fmt: skip

_FILLER = """
    meant mean a an the to for on in of at by and also too as is are am be been it its it's this that these those them
    one ones we i us me my our you your i'm i'd i'll
    we're we'd we'll let's lets would could can will may shall do does doing have has had like help number no.
    nr nr. num n° # option offer offers item opportunity posting
    project please pls plz thanks thank thx hi hello hey dear so very much many well just really only then now
    again from with about regarding re answer reply here sorry unfortunately
    problem worries kindly work get go going both sounds sound good great nice super excellent yes/no first-class
    fur auf alla al allo ai av par numerem
    bitte danke hallo wir ich uns mir das die der den dem ein eine an am im zu zum zur bei mit mochten
    mochte wurden wurde haben sind ist auch nur nummer angebot leider machen
    merci bonjour nous je vous le la les l' un une pour a au aux de du des et est sommes suis numero s'il plait
    svp voudrions offre bien
    gracias hola nosotros yo el los las por para con al del y o es somos estamos estoy favor oferta numero muy
    dank bedankt dag wij we ik het een voor van op met zijn nummer aanbod alstublieft aub
    grazie ciao noi io il lo gli per con del della di da siamo sono numero offerta prego favore
    obrigado obrigada ola nos eu o os as um uma com do da somos estamos oferta
    tack hej vi jag det den en ett for till med ar nummer erbjudande snalla
    dziekuje dzieki prosze czesc my ja to na w z do jest jestesmy numer oferta"""
FILLER = frozenset(_FILLER.split())

ORDINALS = {
    1: "first|1st|erste|ersten|premiere?|primero|primera|eerste|primo|prima|primeiro|forsta|pierwsza",
    2: "second|2nd|zweite|zweiten|deuxieme|seconde?|segundo|segunda|tweede|secondo|seconda|andra|druga",
    3: "third|3rd|dritte|dritten|troisieme|tercero|tercera|derde|terzo|terza|terceiro|tredje|trzecia",
    4: "fourth|4th|vierte|vierten|quatrieme|cuarto|cuarta|vierde|quarto|quarta|fjarde|czwarta",
    5: "fifth|5th|funfte|funften|cinquieme|quinto|quinta|vijfde|femte|piata",
}
CARDINALS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "eins": 1,
    "zwei": 2,
    "drei": 3,
    "vier": 4,
    "funf": 5,
}


def phrases(*kinds: str) -> str:
    """Give a pattern that matches any phrase of these kinds, the longest first."""
    found = {" ".join(one.split()) for kind in kinds for one in PHRASES[kind].split("|")}
    return "|".join(re.escape(one).replace(r"\ ", r"\s+") for one in sorted(found, key=lambda one: (-len(one), one)))


STOP_ONLY = re.compile(
    rf"^\W*(?:(?:please|bitte|svp|por favor|hi|hello|hallo)\W+)*(?:{phrases('stop')}|stop\s+(?:it|this)"
    rf"|stopp|cancella|avsluta|rezygnuje)"
    r"(?:\W+(?:please|bitte|thanks?|thank you|danke|merci|me|us))*\W*$"
)
GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|dear|hallo|moin|servus|guten (?:tag|morgen|abend)|sehr geehrte\w*|liebe[r]?"
    r"|bonjour|bonsoir|salut|cher|chere|hola|buenos dias|buenas tardes|estimad[oa]s?"
    r"|dag|beste|geachte|goedemorgen|goedemiddag|ciao|buongiorno|salve|gentile|ola|bom dia|boa tarde"
    r"|prezad[oa]s?|hej|hejsan|god morgon|dzien dobry|czesc|szanown\w+|good (?:morning|afternoon|evening))"
    r"\b(?:\s+(?:[a-z'.-]+)){0,4}?\s*(?:[,.!:]+|-|$)\s*"
)
THANKS = re.compile(
    r"^\W*(?:(?:many|vielen|herzlichen|muchas|grazie|tante)\s+)?(?:thanks|thank you|thx|danke|dank"
    r"|merci|gracias|bedankt|dank je|dank u|grazie|mille|obrigad[oa]|tack|tack sa mycket|takk|tak skal (?:i|du|de) have"
    r"|tak(?=\s+for\b)|dziekuje|dzieki)"
    r"(?:\s+(?:a lot|so much|very much|again|all|schon|beaucoup|wel|zeer|mille|mycket|bardzo))*(?:\s+(?:for"
    r"|fur|pour|por|voor|per|pelo|pela|za)\b[^,.!:;\d]{0,60})?\s*(?:[,.!]+|-|$)\s*"
)
SIGN_OFF = re.compile(
    r"^\W*(?:best(?: regards| wishes)?|kind regards|warm regards|warmly|regards|cheers|br|sincerely"
    r"|yours(?: \w+)?|all the best|many thanks and.*|mit (?:freundlichen|besten|herzlichen) grus+en"
    r"|freundliche gruse|mfg|viele gruse"
    r"|beste gruse|liebe gruse|schone gruse|vg|lg|(?:[a-z]+ )?grus(?:e|s)? (?:aus|von|vom) [a-z' -]{2,30}"
    r"|grus|gruse|cordialement|bien cordialement|bien a vous"
    r"|saludos|un saludo|atentamente|un cordial saludo|groet(?:en|jes)?|met vriendelijke groet(?:en)?"
    r"|vriendelijke groet(?:en)?"
    r"|mvg|cordiali saluti|distinti saluti|saluti|un saluto|abraco|abs|cumprimentos|com os melhores cumprimentos"
    r"|atenciosamente|med vanliga? halsning(?:ar)?|vanliga halsningar|mvh|halsningar|hals(?:n)?|pozdrawiam"
    r"|z powazaniem|pozdrowienia)"
    r"(?:\s*[,.!-]|\s*$|\s+[a-z'.-]+\s*$)"
)
