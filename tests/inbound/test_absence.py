"""What programs write for the absent without a word in subject or headers, told from what people write."""

import pytest

from matcher.inbound import beside_absence, read
from tests.inbound.mails import raw

ABSENT = """
I am on holiday until Monday
Thank you for your message, I am out of the office
I'm off sick, no access to mail. For anything urgent call 1 555 0100.
I will be out of the office starting 11/23/2026 and will not return until 11/30/2026.
Thanks for your mail! On vacation from 20 November to 4 December, with no access to email. I will reply when I return.
Hi, I'm away until 1 December with limited access to email. For urgent matters call 0113 496 0000. Best, Anna
I am currently on parental leave. Please contact my colleague bob@quay.example instead.
I no longer work at Quay Nets. Please contact bob@quay.example.
I am away today and will read your message later.
Our office is closed until 2 January. We wish you a merry Christmas!
Thank you for contacting Quay Nets. We have received your message and will get back to you within 1 working day.
Your message has been received. A ticket has been created: #4711.
Vielen Dank für Ihre Nachricht. Ich bin bis zum 7. Dezember nicht im Büro. In dringenden Fällen: Herr Maier.
Ich bin derzeit im Urlaub und ab dem 30.11. wieder erreichbar. Ihre Mail wird nicht weitergeleitet.
Bonjour, je suis absente jusqu'au 7 décembre. En cas d'urgence, contactez M. Dupont. Cordialement
Merci pour votre message. Je suis actuellement absent du bureau, de retour lundi.
Gracias por su mensaje. Estaré fuera de la oficina hasta el 7 de diciembre.
Bedankt voor uw bericht. Ik ben afwezig tot en met 4 december. Voor dringende zaken kunt u contact opnemen met Jan.
Grazie per la sua mail. Sono assente dall'ufficio fino a lunedì.
Obrigado pela sua mensagem. Estou ausente do escritório até 7 de dezembro.
Tack för ditt mejl. Jag är inte på kontoret och är tillbaka den 7 december.
Tak for din mail. Jeg er ikke på kontoret før mandag den 7. december.
Dziękuję za wiadomość. Jestem nieobecny w biurze do 7 grudnia.
Děkuji za Váš e-mail. Jsem mimo kancelář do pondělí 7. prosince.
Olen lomalla 7. joulukuuta asti.
""".strip().split("\n")
PERSONS = """
Please pause me until Monday, I'm on holiday
I'm on holiday until Monday, please pause
1 yes, but I'm on holiday until Monday
Later please, I'm on holiday until Monday
2 later. I am on leave until Monday.
I'm out of the office today but yes to 2
We are away in that week, so no.
no: I am on holiday in December
stop, I am on leave
1, I am on holiday until Monday
1 3. I am on holiday until Monday.
We no longer work with Lotus Notes.
We are no longer with Microsoft.
Ihre Anfrage ist zu klein für uns, wir sind abwesend
Quiero darme de baja
We are closed.
Which weekend? I'm away until Monday.
I am on holiday until Monday, but Bob can start at once.
Three people, one of whom is on leave until 7 December.
We move firms away from Lotus Notes.
""".strip().split("\n")
WRAPPED = """Hello,

thank you for your message. I am out of the office until Monday, 30 November
2026 and have no access to my mail. In urgent cases please contact Bob
Maier on +44 113 496 0000.

Kind regards
Anna Berg
"""


@pytest.mark.parametrize("text", [*ABSENT, WRAPPED])
def test_words_of_an_absence_say_nothing_else(text: str) -> None:
    assert beside_absence(text) == ""


@pytest.mark.parametrize("text", PERSONS)
def test_a_person_who_mentions_an_absence_says_something_besides(text: str) -> None:
    assert beside_absence(text) != ""


@pytest.mark.parametrize("text", ["2 yes", "ok", "", "Monday", "Thanks for your mail!", "x" * 5_000])
def test_where_nobody_is_away_there_is_no_absence(text: str) -> None:
    assert beside_absence(text) is None


def test_what_stands_besides_is_kept() -> None:
    assert beside_absence("I'm on holiday until Monday: 2 later") == "2 later"


@pytest.mark.parametrize("sender", ["<>", "<ana@firm.example>"])
def test_an_absence_at_the_address_for_bounces_is_no_bounce(sender: str) -> None:
    said = raw("I am on holiday until Monday.", To="b+abc234@in.example", Return_Path=sender, Subject="Thank you")
    assert read(said, domain="in.example", envelope_from=sender).kind == "auto"
