"""A certificate of a person ("AZ-104") becomes the words for what it is about, which the list of competencies knows."""

import re

EXAM = re.compile(r"\b(?P<vendor>[A-Z]{2,4})-?(?P<number>\d{3}[A-Z]?)\b")
# Source: the vendors' own names of their examinations, as of November 2026.
ABOUT = {
    "AI": "machine learning", "AZ": "Azure", "DP": "Microsoft Fabric", "MB": "Dynamics CRM", "MD": "Intune",
    "MS": "Microsoft 365", "PL": "Power Platform", "SC": "Microsoft Sentinel",
}  # fmt: skip
OTHERWISE = {
    "AZ-140": "Azure Virtual Desktop", "AZ-204": "custom software", "AZ-400": "Azure DevOps", "AZ-700": "networks",
    "DP-300": "databases", "DP-900": "databases", "GH-200": "Azure DevOps", "MB-800": "Business Central",
    "MB-820": "Business Central", "MB-300": "Dynamics 365 Finance", "MB-310": "Dynamics 365 Finance",
    "MB-330": "Dynamics 365 Finance", "MB-500": "Dynamics 365 Finance", "MS-700": "Microsoft Teams telephony",
    "MS-721": "Microsoft Teams telephony", "PL-300": "Power BI", "SC-300": "identity and access management",
    "SC-400": "compliance and information governance", "SC-401": "compliance and information governance",
}  # fmt: skip


def in_words(said: str) -> str:
    """Put what it is about in the place of each examination; of one that nobody here knows nothing is put."""
    return EXAM.sub(_about, said)


def _about(found: re.Match[str]) -> str:
    code = f"{found['vendor']}-{found['number']}"
    return OTHERWISE.get(code) or ABOUT.get(found["vendor"], found.group())
