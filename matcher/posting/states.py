"""A town becomes one in North America where a state or province stands behind it: "Cambridge, MA", "Paris, Texas"."""

import re

from matcher.posting.gazetteer import CODES, COUNTRY_CODES

STATES = """
AL Alabama, AK Alaska, AZ Arizona, AR Arkansas, CA California, CO Colorado, CT Connecticut, DC District of Columbia,
FL Florida, GA Georgia, HI Hawaii, ID Idaho, IL Illinois, IN Indiana, IA Iowa, KS Kansas, KY Kentucky, LA Louisiana,
ME Maine, MD Maryland, MA Massachusetts, MI Michigan, MN Minnesota, MS Mississippi, MO Missouri, MT Montana,
NE Nebraska, NV Nevada, NH New Hampshire, NJ New Jersey, NM New Mexico, NY New York State, NC North Carolina,
ND North Dakota, OH Ohio, OK Oklahoma, OR Oregon, PA Pennsylvania, RI Rhode Island, SC South Carolina,
SD South Dakota, TN Tennessee, TX Texas, UT Utah, VT Vermont, VA Virginia, WA Washington State, WV West Virginia,
WI Wisconsin, WY Wyoming
"""
PROVINCES = """
AB Alberta, BC British Columbia, MB Manitoba, NB New Brunswick, NL Newfoundland, NS Nova Scotia,
NT Northwest Territories, NU Nunavut, ON Ontario, PE Prince Edward Island, QC Québec, SK Saskatchewan, YT Yukon
"""


def _table(rows: str, country: str) -> dict[str, str]:
    """Code and name, each to the country."""
    pairs = (row.strip().split(" ", 1) for row in rows.replace("\n", " ").split(","))
    return {word: country for pair in pairs for word in pair}


COUNTRY_OF = {**_table(STATES, "US"), **_table(PROVINCES, "CA")}
# "Dublin, Texas and Manila" is a list of places; "London, IN PERSON" is no Indiana.
BEHIND = re.compile(
    rf",[ ]?(?P<state>(?:{'|'.join(each for each in COUNTRY_OF if len(each) > 2)})(?! (?:and|or|&|und|et) [A-ZÀ-Þ])"
    rf"|(?:{'|'.join(each for each in COUNTRY_OF if len(each) == 2)})(?! (?!USA?\b)[A-Z]{{2,}}))(?![\w@-])"
)
# Regions of other countries with the same letters: Western Australia, Tamil Nadu, Pernambuco, Milano, Nuevo León.
REGIONS = frozenset(
    [("AU", "WA"), ("AU", "NT"), ("IN", "TN"), ("BR", "PE"), ("IT", "MI"), ("IT", "PA"), ("MX", "NL")]
)  # fmt: skip


def with_state(town: str, text: str, at: int) -> str:
    """Return a town with the state or province that stands just behind it in a text, if one does."""
    found = BEHIND.match(text, at)
    return f"{town}, {found['state']}" if found and _country(CODES.get(town, ""), found["state"]) else town


def country_of(name: str) -> str:
    """Return the country of a place as written, with or without a state: 'Cambridge', 'Cambridge, MA'."""
    town, _, state = name.partition(", ")
    home = CODES.get(town, "")
    return (state and _country(home, state)) or home


def _country(home: str, state: str) -> str:
    """Letters that also name a country, as in 'Berlin, DE' and 'Mumbai, IN', say nothing new."""
    unsure = state == "DE" or (home, state) in REGIONS or state == home
    if unsure or (not home and (state in COUNTRY_CODES.values() or state == "Georgia")):
        return ""
    return COUNTRY_OF.get(state, "")
