"""A day → what the people of the story write on it; whenever it is told, the work is due some months ahead."""

from datetime import date

VAGUE = "Hi, boss wants Copilot or AI or both. Who does that?\n\nThx, Dave\n0161 496 0122"


def month_ahead(today: date, n_months: int) -> date:
    """Return the first day of the month that is so many months ahead."""
    years, month = divmod(today.month - 1 + n_months, 12)
    return date(today.year + years, month + 1, 1)


def form(today: date) -> dict[str, str]:
    """Fill in the posting form, all but the address and the firm."""
    return {
        "text": "We have won a Business Central roll-out for a builders' merchant, Oakworth Timber Ltd in Leeds. Their "
        "mail is still on Lotus Notes: about 380 mailboxes, two shared databases and a fax gateway nobody dares to "
        "touch. We do the ERP ourselves. We need somebody who moves the Notes mailboxes to Exchange Online over a "
        "weekend and stays for the Monday morning.",
        "due": f"end of {month_ahead(today, 2):%B %Y}",
        "place": "Leeds, on site for the weekend",
        "pays": "the customer pays us, we pay you a fixed price of 9,000 EUR",
    }


def by_mail(today: date) -> str:
    """Write a posting in plain words."""
    return f"""Hello,

we cable a new distribution hall near Kassel for a forwarder and they now want telephones too: Microsoft Teams
calling for 140 desks, an SBC on site, DECT in the hall and the old numbers kept. Not our trade. We look for somebody
who has done that before and speaks German with the customer. Go-live is 1 {month_ahead(today, 4):%B %Y}. The customer
pays us, we pay you by the day, about 15,000 EUR together.

Heiko Wessels
Kabelgrund Netzwerkbau GmbH
+49 561 555 0182
"""


def answers(today: date) -> str:
    """Say what the vague posting left out."""
    return (
        "Copilot for Microsoft 365 for 60 people in an accountants' office: find out where it is safe to switch on, "
        f"clean up who may see which file, and train the partners. By the end of {month_ahead(today, 3):%B}, remote, "
        "the customer pays you direct, about 6000 GBP."
    )
