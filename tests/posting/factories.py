"""Readings for tests: a small linker by hand, and today."""

import re
from datetime import date
from typing import Any

from matcher.posting import read_posting
from matcher.terms import Reading

TODAY = date(2026, 11, 22)
NAMES = {
    "business central": "business-central",
    "navision": "business-central",
    "power bi": "analytics",
    "microsoft 365": "m365",
    "notes": "mail",
    "exchange": "mail",
    "citrix": "virtual-desktop",
    "sap": "sap",
    "intune": "endpoint",
    "sql server": "database",
    "wi-fi": "network",
    "helpdesk": "service-desk",
    "penetration test": "pentest",
}
PATTERN = re.compile(rf"\b(?:{'|'.join(NAMES)})\b", re.IGNORECASE)


def linker_keys(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(NAMES[found.casefold()] for found in PATTERN.findall(text)))


def reading(text: str, **facts: Any) -> Reading:
    return read_posting(text, linker_keys=linker_keys, today=TODAY, **facts)
