"""Clearances: which one includes which other."""

# Whoever was vetted for a later one was vetted for those before it.
LADDERS = (("BPSS-UK", "SC-UK", "DV-UK"), ("Ü1-DE", "Ü2-DE", "Ü3-DE"), ("S-US", "TS-US"), ("NV1-AU", "NV2-AU"))
_HIGHER = {each: frozenset(ladder[at:]) for ladder in LADDERS for at, each in enumerate(ladder)}


def clearances_that_do(wanted: str) -> frozenset[str]:
    """Return the clearances with which work may be done that asks for one: itself and those that include it."""
    return _HIGHER.get(wanted, frozenset((wanted,)))
