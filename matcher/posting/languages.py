"""A text becomes the languages that a partner must speak, or one of which will do."""

import re

LANGUAGES = {
    "en": "English|Englisch|anglais|inglés|Engels",
    "de": "German|Deutsch|allemand|alemán|Duits|tedesco",
    "fr": "French|Französisch|français|francés|Frans",
    "es": "Spanish|Spanisch|espagnol|español|Spaans",
    "it": "Italian|Italienisch|italien|italiano|Italiaans",
    "nl": "Dutch|Flemish|Niederländisch|Holländisch|néerlandais|neerlandés|Nederlands",
    "pt": "Portuguese|Portugiesisch|portugais|portugués|português",
    "pl": "Polish|Polnisch|polonais|polaco|Pools|polski",
    "sv": "Swedish|Schwedisch|suédois|svenska",
    "no": "Norwegian|Norwegisch|norvégien|norsk|bokmål|nynorsk",
    "da": "Danish|Dänisch|danois|dansk",
    "fi": "Finnish|Finnisch|finnois|suomi",
    "cs": "Czech|Tschechisch|tchèque",
    "sk": "Slovak|Slowakisch",
    "hu": "Hungarian|Ungarisch|hongrois",
    "ro": "Romanian|Rumänisch|roumain",
    "bg": "Bulgarian|Bulgarisch",
    "el": "Greek|Griechisch",
    "tr": "Turkish|Türkisch",
    "ar": "Arabic|Arabisch|arabe",
    "ru": "Russian|Russisch",
    "uk": "Ukrainian|Ukrainisch",
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
SERIES = rf"{NAME}(?:(?:\s*,\s*|\s+(?:and|und|et|y|en|or|oder|ou|o|of)\s+|\s*[/&]\s*){NAME})*"
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
    rf"|\b(?P<c>{SERIES})(?: (?:language|skills?|is|are|will be))?(?:,? (?:a )?(?:must|throughout|required|needed"
    rf"|essential|necessary|mandatory|obligatory|only|of course|natürlich)\b|kenntnisse| erforderlich| notwendig"
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
    r"^[^.;\n]{0,25}\b(?:preferred|a plus|nice to have|welcome|not (?:required|needed|necessary)|optional"
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
EITHER = re.compile(r"\s(?:or|oder|ou|o|of)\s", re.IGNORECASE)


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
    if found:
        found.extend(
            (one.start(), CODE_OF[next(filter(None, one.groups())).casefold()]) for one in WILL_DO.finditer(text)
        )
    return tuple(dict.fromkeys(code for _, code in sorted(found, key=lambda pair: pair[0])))


def languages_named(text: str) -> tuple[str, ...]:
    """Return every language named in the text, in the order named."""
    return tuple(dict.fromkeys(CODE_OF[name.casefold()] for name in re.findall(rf"\b{NAME}\b", text, re.IGNORECASE)))
