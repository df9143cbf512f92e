"""What stands beside a number without a verb, to whether it asks, wants to know more first or declines: then no yes."""

import re

from matcher.inbound import words

# English, German, French, Spanish, Dutch, Italian, Portuguese, Swedish and Polish; all folded, as in `words`.
_SMALL_TALK = re.compile(
    r"\b(?:how are you(?: doing)?|how is it going|wie geht(?:'s| es)(?: (?:dir|ihnen|euch))?"
    r"|comment (?:allez-vous|vas-tu|ca va)|ca va|que tal|como esta[ns]?|hoe gaat het(?: met (?:u|je|jullie))?"
    r"|come (?:va|sta|stai)|tudo bem|hur mar du|co slychac)\b[^?]{0,20}\?"
)
_NO_TROUBLE = re.compile(
    r"\b(?:no (?:problems?|rush|hurry|worries|need|doubt)|keine? (?:problem\w*|eile)|pas de (?:probleme|souci)"
    r"|sin problemas?|geen probleem|nessun problema|sem problemas?|inga problem)\b"
)
_OPENS_QUESTION = re.compile(
    r"^\W*(?:(?:but|and|so|please|pls|thanks?|hi|bitte|danke|aber|und|mais|et|merci|pero|y|maar|en|ma|e|mas|men|och|ale"
    r"|i)\b\W*)*"
    r"(?:what|which|who|whose|where|when|how|why|do (?:they|you|we|i)|does|did (?:they|you)|are (?:they|you|we|there)"
    r"|is (?:it|this|that|there|the|he|she)|was (?:kostet|ist|sind|verlangen|heis\w*|genau|fur)"
    r"|(?:can|could|will|would|should|may|have|has) (?:they|you|we|i|it|this|he|she)\b"
    r"|wie(?! (?:besprochen|immer|gesagt|vereinbart|gehabt|gewunscht))|wann|wo|wer|warum|wieso|welche[rsnm]?|wieviel\w*"
    r"|(?:konnen|sind|haben|sprechen|arbeiten) (?:sie|wir|die)|ist (?:das|es|die|der)|geht das"
    r"|quels?|quelles?|qui|quand|combien|comment|pourquoi|est-ce|sont-ils|peuvent-ils|peut-on|ou (?:est|sont|se)"
    r"|que|cual|cuales|quien|quienes|cuando|cuanto|cuantos|cuanta|cuantas|donde|por que"
    r"|wat|wanneer|hoeveel|hoe|waar|waarom|welke?|kunnen (?:ze|zij|we)|zijn (?:ze|zij)"
    r"|che|quale|quali|chi|quando|quanto|quanti|dove|perche|qual|quais|quem|quantos|onde"
    r"|vad|nar|vilken|vilket|vilka|hur|var|varfor|vem|kan de|co|kiedy|ile|kto|jaki|jaka|jakie|czy|gdzie|jak)\b"
)
_KNOW_MORE = re.compile(
    r"\b(?:tell (?:me|us)|(?:need|needs|want|wants|like|have|love) to (?:know|see|hear|learn|understand|check|clarify)"
    r"|let (?:me|us) know|know more|hear more|learn more|(?:more|further|additional) (?:info\w*|details?|facts)"
    r"|send (?:me |us )?(?:the |more |some )?(?:details|info\w*|profiles?)|details (?:please|first)|questions?"
    r"|before (?:we|i|deciding|choosing|anything)|wonder(?:ing)?|curious|clarify"
    r"|(?:mehr|weitere|nahere) (?:infos?|information\w*|details|angaben)|mehr (?:dazu|daruber|wissen|erfahren)"
    r"|wissen|sag(?:t|en sie)? (?:mir|uns|bitte)|fragen?|bevor|klaren|klarung"
    r"|dites(?:-| )(?:moi|nous)|(?:plus|davantage) (?:d'|de )(?:info\w*|details?|precisions?)|en savoir|savoir|avant de"
    r"|precisions"
    r"|mas (?:info\w*|detalles|datos)|saber|di(?:game|ganos|me|nos)|cuente(?:me|nos)|preguntas?|antes de"
    r"|meer (?:info\w*|details|weten)|weten|vertel|vraag|vragen|voordat"
    r"|(?:piu|maggiori) (?:info\w*|dettagli)|sapere|(?:mi|ci) dica|domand[ae]|prima di"
    r"|mais (?:info\w*|detalhes)|diga-(?:me|nos)|pergunt(?:a|as)"
    r"|mer (?:info\w*|detaljer)|veta|beratta|fraga|fragor|innan"
    r"|wiecej (?:info\w*|szczegolow)|wiedziec|powiedz\w*|pytani[ea]|zanim)\b"
)
_FIRST = re.compile(
    r"\bfirst\b(?! (?:choice|week|half|thing|of|in|come|class|option|line|day|preference|place|time))"
    r"|\berst\b(?! (?:ab|am|im|in|nach|ende|anfang|mitte|seit)\b| \d)|\b(?:zuerst|zunachst|vorher|vorab|d'abord"
    r"|au prealable|primero|eerst|innanzitutto|primeiro|forst|najpierw)\b"
)
_DECLINES = re.compile(
    r"\b(?:unfortunately|sadly|sorry(?! (?:for|about|it took|to be))|leider|malheureusement|desolee?|lamentablemente"
    r"|helaas|purtroppo|infelizmente|tyvarr|niestety)\b"
    r"|\btoo (?!$)\w|\bzu (?:weit|teuer|gros|klein|spat|fruh|kurz|wenig|viel|knapp|billig|unerfahren)\w*"
    r"|\b(?:trop|demasiado|te (?:ver|duur|groot|klein|laat|weinig|veel)|troppo|muito (?:longe|caro)|for (?:dyr|langt)"
    r"|za (?:daleko|drogo|duzo|malo))\b"
    r"|\b(?:not|never|cannot|nicht|kein\w*|niet|geen|inte|pas|non|nao|nie)\b|n't\b|\brather no\w*"
)
_MEETING = re.compile(
    r"\b(?:talk|meet|meeting|call|chat|introduc\w*|in touch|connect|telefonieren|treffen|kennenlernen|vorstellen"
    r"|anruf\w*|parler|rencontrer|appeler|hablar|reunir\w*|llamar|bellen|spreken|afspreken|parlare|incontrar\w*|chiamar\w*"
    r"|falar|ligar|prata|traffas|ringa|porozmawiac|spotkac|zadzwonic)\b"
)
_ADVERTISES = re.compile(r"https?:|www\.|\S@\S|\bvisit (?:us|our)\b")
_QUESTION_MARK = re.compile(r"[?？](?!\w)")  # not the one inside a link


def asks(text: str) -> bool:
    """Tell a text that holds or opens a question, or wants to know something: "what is the rate", "tell me more"."""
    said = _SMALL_TALK.sub(" ", words.fold(text))
    wants_more = _KNOW_MORE.search(said) and not _ADVERTISES.search(said)
    return bool(wants_more or _QUESTION_MARK.search(said) or _OPENS_QUESTION.match(said))


def leaves_open(text: str) -> bool:
    """Tell whether what follows a number makes it less than a yes: it asks, puts something first or declines."""
    said = _NO_TROUBLE.sub(" ", words.fold(text))
    return asks(text) or bool(_FIRST.search(said) or _DECLINES.search(said))


def is_question(text: str) -> bool:
    """Tell one whole question that can be passed on; "when can we talk?" is rather a yes, so it is none."""
    said = words.fold(text).strip()
    whole = said.endswith("?") and len(re.findall(r"[.!?](?=\s|$)", said)) == 1
    return whole and len(said) > 6 and not _MEETING.search(said)
