"""A text becomes the languages that a partner must speak, or one of which will do."""

import re

from matcher.posting.sentences import clauses

LANGUAGES = {
    "en": (
        "English|Englisch|anglais|inglés|Engels|engelsk|engelska|inglese|inglês|angielski|angielsku|anglicky"
        "|angličtina|angličtinu|angličtině|englanti|engleză"
    ),
    "de": (
        "German|Deutsch|allemand|alemán|Duits|tedesco|tysk|tyska|alemão|niemiecki|niemiecku|německy|němčina"
        "|němčinu|saksa|germană"
    ),
    "fr": (
        "French|Französisch|français|francés|Frans|fransk|franska|francese|francês|francuski|francusku"
        "|francouzsky|franceză"
    ),
    "es": "Spanish|Spanisch|espagnol|español|Spaans|spansk|spanska|spagnolo|espanhol|hiszpański|hiszpańsku|španělsky",
    "it": "Italian|Italienisch|italien|italiano|Italiaans|italiensk|italienska|włoski|włosku|italsky",
    "nl": (
        "Dutch|Flemish|Niederländisch|Holländisch|néerlandais|neerlandés|Nederlands|olandese|hollandsk"
        "|nederländska|nederlandsk|holandês|niderlandzki"
    ),
    "pt": "Portuguese|Portugiesisch|portugais|portugués|português|portoghese|portugisisk|portugisiska|portugalski",
    "pl": "Polish|Polnisch|polonais|polaco|Pools|polski|polacco|polonês|polsk|polsku|polsky",
    "sv": "Swedish|Schwedisch|suédois|svenska|svensk|sueco|svedese|szwedzki|szwedzku",
    "no": "Norwegian|Norwegisch|norvégien|norsk|bokmål|nynorsk|norska|norueguês|norvegese|norweski",
    "da": "Danish|Dänisch|danois|dansk|danska|dinamarquês|danese|duński",
    "fi": "Finnish|Finnisch|finnois|suomi|finska|finsk|finlandese|fiński",
    "cs": "Czech|Tschechisch|tchèque|čeština|češtinu|česky|czeski|czesku|ceco",
    "sk": "Slovak|Slowakisch|slovensky|slovenčina|słowacki",
    "hu": "Hungarian|Ungarisch|hongrois|magyar|węgierski",
    "ro": "Romanian|Rumänisch|roumain|română|romeno|rumuński",
    "bg": "Bulgarian|Bulgarisch",
    "el": "Greek|Griechisch",
    "tr": "Turkish|Türkisch",
    "ar": "Arabic|Arabisch|arabe",
    "ru": "Russian|Russisch|russo|rosyjski|ryska|russisk",
    "uk": "Ukrainian|Ukrainisch|ukraiński|ukraińsku",
    "hr": "Croatian|Kroatisch",
    "sl": "Slovene|Slovenian|Slowenisch",
    "et": "Estonian|Estnisch",
    "lv": "Latvian|Lettisch",
    "lt": "Lithuanian|Litauisch",
    "zh": "Chinese|Mandarin|Chinesisch",
    "ja": "Japanese|Japanisch",
    "hi": "Hindi",
    "ur": "Urdu",
    "sw": "Swahili|Kiswahili|Suaheli",
    "he": "Hebrew|Hebräisch",
    "is": "Icelandic|Isländisch",
    "sr": "Serbian|Serbisch",
    "th": "Thai",
    "vi": "Vietnamese",
    "ko": "Korean|Koreanisch",
    "cy": "Welsh",
    "ga": "Irish Gaelic|Gaeilge",
    "ca": "Catalan|Katalanisch|catalán|catalan",
    "gl": "Galician|Galicisch|gallego|galego",
    "eu": "Basque|Baskisch|euskera|euskara",
    "oc": "Occitan|Okzitanisch",
    "br": "Breton|Bretonisch",
    "lb": "Luxembourgish|Luxemburgisch|luxembourgeois|Lëtzebuergesch",
    "mt": "Maltese|Maltesisch",
    "af": "Afrikaans",
    "zu": "Zulu|isiZulu",
    "st": "Sotho|Sesotho",
    "yo": "Yoruba|Yorùbá",
    "ta": "Tamil",
    "ml": "Malayalam",
    "mr": "Marathi",
    "pa": "Punjabi|Panjabi",
    "id": "Indonesian|Indonesisch|Bahasa Indonesia",
    "ms": "Malay|Bahasa Melayu",
    "tl": "Tagalog|Filipino",
    "mi": "Māori|Maori",
    "se": "Northern Sami|Sami",
}
CODE_OF = {name.casefold(): code for code, names in LANGUAGES.items() for name in names.split("|")}
NAME = rf"(?:{'|'.join(sorted((re.escape(name) for name in CODE_OF), key=len, reverse=True))})"
# Ten are more than anybody asks for; without an end, a list of thousands would take minutes.
SERIES = rf"{NAME}(?:(?:\s*,\s*|\s+(?:and|und|et|y|en|or|oder|ou|o|of)\s+|\s*[/&]\s*){NAME}){{0,9}}"
SPOKEN = re.compile(
    rf"\b(?P<a>{SERIES})[- ]?(?:speak\w*|spoken|gesprochen|native\w*|sprachig\w*|sprechend\w*|parlant\w*)\b"
    rf"|\b(?:speak\w*|fluent(?:ly)?(?: in)?|native|good|spoken|excellent|command of|parl\w+|hablan?\w*|habla"
    rf"|spricht|sprechen\w*|spreekt|spreken|know|knows|(?:support|calls?|work\w*|train\w*|workshops?"
    rf"|document\w*|writ\w*|meetings?|help\w*|desk|answer\w*|talk\w*|present\w*|all|everything|sessions?"
    rf"|courses?|interviews?|recorded|Schulung\w*|Betreuung)[^.;\n]{{0,30}}? (?:in|auf|en)|auf|en|em"
    rf"|fließend(?:es)?|couramment"
    rf"|languages?:?|Sprachen?:?|must be|in (?:proper|decent|clean|plain))\s+"
    rf"(?:fluent |good |spoken |native |business |some |both |le |l'"
    rf"|el )?(?P<b>{SERIES})\b"
    rf"|\b(?P<c>{SERIES})(?: (?:language|skills?|is|are|will be|ist|sind|est|es|è|er|är))?(?:,? (?:a |ein )?(?:must"
    rf"|throughout|required"
    rf"|needed|Pflicht|zwingend|Voraussetzung|indispensable|impératif|obligatoire|verplicht|obligatorio|imprescindible"
    rf"|obbligatorio|wymagan\w+|krav|nutn\w+"
    rf"|essential|necessary|mandatory|obligatory|only|of course|natürlich)\b|,? [BC][12]\b|,? (?:verhandlungssicher"
    rf"|fließend"
    rf"|fluent\w*|courant\w*|fluido|vloeiend|flytande|flytende)\b|kenntnisse| erforderlich| notwendig"
    rf"| exigé| requis| vereist)",
    re.IGNORECASE,
)
SUFFIXED = {
    "deutschsprachig": "de",
    "francophone": "fr",
    "anglophone": "en",
    "englischsprachig": "en",
    "französischsprachig": "fr",
    "nederlandstalig": "nl",
    "duitstalig": "de",
    "franstalig": "fr",
    "hispanohablante": "es",
    "germanophone": "de",
}
SUFFIX = re.compile(rf"\b(?:{'|'.join(SUFFIXED)})", re.IGNORECASE)
NOT_A_MUST = re.compile(
    rf"^(?:(?!,\s*{NAME}\b)[^.;\n]){{0,25}}\b(?:preferred|a plus|nice to have|welcome|not (?:required|needed"
    rf"|necessary)|optional"
    r"|helps|de préférence|de preferencia|bevorzugt|is fine|is ok|von Vorteil|wünschenswert|un plus|is enough"
    r"|bonus|would be (?:nice|good)|optional)\b",
    re.IGNORECASE,
)
# Beside a language that is asked for, another that will do: "they speak Dutch; for the technical part English is fine".
WILL_DO = re.compile(
    rf"\b(?:a little|also|auch|ook|aussi|mag(?: het)?) (?P<a>{NAME})\b"
    rf"|\b(?P<b>{NAME}) (?:too|also|as well|(?:geht )?auch|ook|aussi|will do|no problem|kan|mag|er fint"
    rf"|går bra|va bene|basta|wystarczy|stačí"
    rf"|is (?:also )?(?:fine|ok|enough))\b"
    rf"|\b(?:gets? by|manages?|se débrouille(?:nt)?|se defiende(?:n)?|se la cava(?:no)?|zurecht\w*) (?:in|en|auf)"
    rf" (?P<c>{NAME})\b"
    rf"|\b(?:darf(?: auch)?|can be|may be|peut (?:aussi )?être|puede ser|mag|får vara|kan være|può essere|pode ser)"
    rf"(?: also)?(?: in| en| auf| på| em| in het| in)? (?P<d>{NAME})\b",
    re.IGNORECASE,
)
DOES_NOT = re.compile(
    r"\b(?:no|not|don't|doesn't|without|kein|nicht|optional|optionally|débrouille)\b[^.;,\n]{0,15}$", re.IGNORECASE
)
EITHER = re.compile(r"\s(?:or|oder|ou|o|of|eller|lub|nebo)\s", re.IGNORECASE)
# "bilingue FR/NL"
BILINGUAL = re.compile(
    r"\b(?i:bilingue?s?|bilingual|tweetalig|zweisprachig)[ (]+(?P<a>FR|NL|DE|EN|IT|ES)[ ]?[/+-][ ]?(?P<b>FR|NL|DE|EN"
    r"|IT|ES)\b"
)
JOINING = re.compile(r"[\s,;/&.!()]+|\b(?:and|und|et|y|en|e|og|och|i|a|both|fluent|fließend|courant)\b", re.IGNORECASE)


def find_languages(text: str) -> tuple[str, ...]:
    """Return the languages that people on the work must speak, in the order named; 'A or B' is no must.

    A language that will do as well stands among them, because one of them is enough.
    """
    found: list[tuple[int, str]] = [(one.start(), SUFFIXED[one.group().casefold()]) for one in SUFFIX.finditer(text)]
    for one in SPOKEN.finditer(text):
        series = one["a"] or one["b"] or one["c"]
        if EITHER.search(series) or NOT_A_MUST.match(text[one.end() :]) or DOES_NOT.search(text[: one.start()]):
            continue
        found.extend((one.start(), CODE_OF[name.casefold()]) for name in re.findall(NAME, series, re.IGNORECASE))
    found.extend((one.start(), one[name].casefold()) for one in BILINGUAL.finditer(text) for name in ("a", "b"))
    found.extend((len(text), code) for one in clauses(text) for code in _nothing_but_languages(one.text))
    if found:
        found.extend(
            (one.start(), CODE_OF[next(filter(None, one.groups())).casefold()]) for one in WILL_DO.finditer(text)
        )
    return tuple(dict.fromkeys(code for _, code in sorted(found, key=lambda pair: pair[0])))


def _nothing_but_languages(clause: str) -> tuple[str, ...]:
    """Read a sentence such as "Deutsch und Englisch."; with "or" between them none is a must."""
    rest = JOINING.sub("", re.sub(rf"\b{NAME}\b", "", clause, flags=re.IGNORECASE))
    return () if rest or EITHER.search(clause) else languages_named(clause)


def languages_named(text: str) -> tuple[str, ...]:
    """Return every language named in the text, in the order named."""
    return tuple(dict.fromkeys(CODE_OF[name.casefold()] for name in re.findall(rf"\b{NAME}\b", text, re.IGNORECASE)))
