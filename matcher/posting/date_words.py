"""The words of dates: months, numbers and spans of time in the languages of postings."""

from matcher.posting.names import words

MONTHS = (
    "january jan januar jänner janvier janv enero januari gennaio janeiro styczeń stycznia styczniu leden ledna lednu",
    "february feb februar février févr febrero februari febbraio fevereiro luty lutego lutym únor února únoru",
    "march mar märz maerz mars marzo maart março marts marzec marca marcu březen března březnu",
    "april apr avril avr abril aprile kwiecień kwietnia kwietniu duben dubna dubnu",
    "may mai mayo mei maggio maio maj maja maju květen května květnu",
    "june jun juni juin junio giugno junho czerwiec czerwca czerwcu červen června červnu",
    "july jul juli juillet juil julio luglio julho lipiec lipca lipcu červenec července červenci",
    "august aug août agosto augustus augusti sierpień sierpnia sierpniu srpen srpna srpnu",
    "september sep sept septembre septiembre settembre setembro wrzesień września wrześniu září",
    "october oct okt oktober octobre octubre ottobre outubro październik października październiku říjen října říjnu",
    "november nov novembre noviembre novembro listopad listopada listopadu listopadzie",
    "december dec dez dezember desember décembre déc diciembre dic dicembre dezembro grudzień grudnia grudniu prosinec"
    " prosince prosinci",
)
MONTH_OF = {name: number for number, names in enumerate(MONTHS, 1) for name in names.split()}
SHORT = words("mar jan feb apr may jun jul aug sep sept oct okt nov dec dez dic")
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
    ("by", "before", "until", "bis", "avant", "antes de", "from", "ab", "voor", "starting", "start", "a partir de")
    + ("till", "til", "före", "innan", "inden", "innen", "før", "przed", "před")
)
