"""The words of dates: months, numbers and spans of time in the languages of postings."""

from matcher.posting.names import words

MONTHS = (
    "january jan januar jänner janvier janv enero januari gennaio janeiro styczeń stycznia",
    "february feb februar février févr febrero februari febbraio fevereiro luty lutego",
    "march mar märz maerz mars marzo maart março marca",
    "april apr avril avr abril aprile kwiecień kwietnia",
    "may mai mayo mei maggio maio maj maja",
    "june jun juni juin junio giugno junho czerwca",
    "july jul juli juillet juil julio luglio julho lipca",
    "august aug août agosto augustus sierpnia",
    "september sep sept septembre septiembre settembre setembro września",
    "october oct okt oktober octobre octubre ottobre outubro października",
    "november nov novembre noviembre novembro listopada",
    "december dec dez dezember décembre déc diciembre dic dicembre dezembro grudnia",
)
MONTH_OF = {name: number for number, names in enumerate(MONTHS, 1) for name in names.split()}
SHORT = words("mar jan feb apr may mai jun jul aug sep sept oct okt nov dec dez dic mars maj")
NUMBERS = {
    word: number
    for number, row in enumerate(
        (
            "one a an einem einer un une uno una een eine ein",
            "two zwei deux dos twee",
            "three drei trois tres drie",
            "four vier quatre cuatro",
            "five fünf cinq cinco vijf",
            "six sechs seis zes",
            "seven sieben sept siete zeven",
            "eight acht huit ocho",
            "nine neun neuf nueve negen",
            "ten zehn dix diez tien",
            "eleven elf onze once",
            "twelve zwölf douze doce twaalf",
        ),
        1,
    )
    for word in row.split()
}
DAYS = {
    **dict.fromkeys(words("day days tag tagen tage jour jours día días dagen dag"), 1),
    **dict.fromkeys(words("week weeks wks woche wochen semaine semaines semana semanas weken"), 7),
}
FIRST_OF_MONTH = frozenset(
    ("by", "before", "until", "bis", "avant", "antes de", "from", "ab", "voor", "starting", "start")
)
