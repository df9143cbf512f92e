"""What the sample letters tell: two people, their offers, a posting as it was read, an introduction and its end."""

MAEVE = {"id": 41, "email": "maeve@glasnevinmail.example", "name": "Maeve Doyle", "timezone": "Europe/Dublin"}
LUC = {"id": 77, "email": "luc.fontaine@ateliersaone.example", "name": "Luc Fontaine", "timezone": "Europe/Paris"}
NOTES = {
    "number": 1,
    "title": "Notes migration in Cork",
    "text": "A food manufacturer with 400 people leaves Lotus Notes for Exchange Online before its licence ends. "
    "Eleven Notes applications must survive, two of them with workflow. We do the network and the desktops; "
    "mail, calendars and applications are yours.",
    "why": "You moved 3,100 Notes mailboxes for a dairy group in 2024, applications included.",
    "place": "Cork, Ireland, on site",
    "due": "31 March 2027",
    "pays": "The poster pays you",
    "value": "about €38,000",
    "languages": "English",
    "poster": "A firm of about 10 people in Ireland",
    "closes": "20 December 2026",
    "introduction_id": 901,
}
SBC = {
    "number": 2,
    "title": "Session border controllers in Lyon",
    "text": "Two AudioCodes controllers and a carrier change for a hotel group's 240 Teams phones. Night work on two "
    "weekends. The drawings exist; somebody who has done this before must check them first.",
    "why": "You look after AudioCodes controllers for two hotel groups, and two of your people speak French.",
    "place": "Lyon, France, on site",
    "due": "in February",
    "pays": "The customer pays you",
    "value": "",
    "languages": "French, English",
    "poster": "A firm of about 30 people in Austria",
    "closes": "",
    "introduction_id": 902,
}
NOT_FOUND = "We did not find “Oakworth” in your posting, so nothing was hidden for it."
SAID = "We have a tool for the workflow forms.\nTwo of us can be in Cork from 11 January."
FEE = "Counterpart charges neither of you."
TERMS = {"pays": "You pay the partner", "customer": "The customer stays yours.", "fee": FEE}
FACTS = [
    ["By when", "31 March 2027"],
    ["Where", "Cork, Ireland, on site"],
    ["Who pays whom", "You pay the partner"],
    ["Worth", "about €38,000"],
    ["Languages", "English"],
    ["Data must stay in", "the EU"],
    ["Clearance", ""],
]
POSTING = (
    "Ballyhale Creamery (400 people, Cork) must be off Lotus Notes before the licence ends on 31 March.\n"
    "Eleven Notes applications must survive, two of them with workflow.\n\n"
    "We do the network and the desktops. Mail, calendars and applications we cannot do.\n"
    "Aoife Brennan, 021 555 0142"
)
CONFIRM = {
    "title": "Notes migration in Cork",
    "needs": [
        {
            "text": "Move 400 mailboxes and calendars from Lotus Notes to Exchange Online",
            "labels": ["HCL Notes and Domino", "Exchange Online migration"],
        },
        {"text": "Rebuild or keep eleven Notes applications, two with workflow", "labels": ["Power Apps"]},
    ],
    "facts": FACTS,
    "blind_text": NOTES["text"],
    "masked": [
        {"words": "Ballyhale Creamery", "shown_as": "a food manufacturer"},
        {"words": "Aoife Brennan, 021 555 0142", "shown_as": "[a person]"},
    ],
    "questions": [],
    "again": 0,
    "opportunity_id": 310,
}
WELCOME = {
    "name": "Atelier Saône Messagerie SARL",
    "facts": [
        ["Where", "Lyon, France"],
        ["People", "9"],
        ["Languages", "French, English, Italian"],
        ["Industries", "Hospitality, Manufacturing"],
    ],
    "competencies": ["HCL Notes and Domino", "Exchange Online migration", "Teams telephony"],
    "questions": [],
    "again": 0,
}
INTRODUCTION = {
    "title": "Notes migration in Cork",
    "side": "poster",
    "other": {
        "firm": "Atelier Saône Messagerie SARL",
        "name": "Luc Fontaine",
        "email": "luc.fontaine@ateliersaone.example",
        "city": "Lyon",
        "country": "France",
        "n_people": 9,
    },
    "why": "Moved 3,100 Notes mailboxes for a dairy group in 2024; an architect is free from January.",
    "facts": FACTS,
    "text": "",
    "said": SAID,
    "terms": TERMS,
    "introduction_id": 901,
    "call_at": "2026-11-26T10:00:00+00:00",
    "uid": "introduction-901",
}
PARTNER_SIDE = {
    **INTRODUCTION,
    "side": "partner",
    "other": {
        "firm": "Glasnevin Mail & Network Ltd",
        "name": "Maeve Doyle",
        "email": "maeve@glasnevinmail.example",
        "city": "Dublin",
        "country": "Ireland",
        "n_people": 14,
    },
    "why": "You moved 3,100 Notes mailboxes for a dairy group in 2024 and have an architect free from January.",
    "text": POSTING,
    "facts": [[name, value.replace("You pay the partner", "The poster pays you")] for name, value in FACTS],
    "said": "",
    "terms": {**TERMS, "pays": "The poster pays you", "customer": "The customer stays the poster's."},
}
# Whoever came by a form gave no name, and a poster no firm either: its domain stands for it.
OF_A_FORM = {"firm": "tallowgate.example", "name": "", "email": "graham@tallowgate.example"}
NAMELESS = {**PARTNER_SIDE, "other": {**OF_A_FORM, "city": "", "country": "", "n_people": None}}
INTERESTED = {
    "title": "Notes migration in Cork",
    "opportunity_id": 310,
    "partners": [
        {
            "number": 1,
            "who": "A 9-person firm in France",
            "why": "Moved 3,100 Notes mailboxes for a dairy group in 2024; an architect is free from January.",
            "languages": "French, English",
            "said": SAID,
            "new": False,
        },
        {
            "number": 2,
            "who": "A 3-person firm in Ireland",
            "why": "Sells messaging and mail migration; a senior is free now.",
            "languages": "English, Irish",
            "said": "",
            "new": True,
        },
        {
            "number": 3,
            "who": "A firm of about 50 people in Poland",
            "why": "Joined 61 tenants after a merger of car dealers in 2025; a senior is free from January.",
            "languages": "",
            "said": "Fixed price possible.",
            "new": False,
        },
    ],
    "terms": TERMS,
}
ENDING = {
    "title": "Notes migration in Cork",
    "opportunity_id": 310,
    "partners": [{"number": each["number"], "who": each["who"]} for each in INTERESTED["partners"][:2]],
    "closes": "20 December 2026",
    "n_questions": 1,
    "due": "20 December 2026",
    "reply_as": "interested",
}
ENDED = {
    "title": "Notes migration in Cork",
    "opportunity_id": 310,
    "partners": ENDING["partners"],
    "closed": "20 December 2026",
    "reply_as": "interested",
}
OUTCOME = {"title": "Notes migration in Cork", "other": WELCOME["name"], "introduced": "23 November 2026"}
