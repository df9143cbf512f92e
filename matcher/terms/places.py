"""Where data may be held: which countries "EU" stands for."""

# The data protection law of the EU holds in Norway, Iceland and Liechtenstein too, postings that say EEA are read as
# EU, and a firm there that says nothing else may hold data in the EU.
EU_AND_EEA = frozenset(
    ("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE")
    + ("IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK")
)


def places_that_do(wanted: str) -> frozenset[str]:
    """Return the places where data may be held if it must stay in one of some, as in "UK|EU": each country of the EU
    is in it."""
    places = frozenset(wanted.split("|")) if wanted else frozenset[str]()
    return places | EU_AND_EEA if "EU" in places else places
