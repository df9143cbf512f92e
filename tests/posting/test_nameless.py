"""Sentences as firms of the channel write them: names in them are hidden, levels, towns and languages are not."""

import pytest

from matcher.posting import mask
from tests.posting.factories import linker_keys

# Each with the words that nobody may read.
NAMED = [
    ("Our customer Hollis & Wren in Norwich moves 40 servers to Azure.", "Hollis"),
    ("Ask Priya Raman about the firewall before you quote.", "Raman"),
    ("We won a Dynamics roll-out at Bramley Cheese and need an Intune engineer.", "Bramley"),
    ("Marek Zielinski from the plant will show you the racks.", "Zielinski"),
    ("The end customer is Castlegate Academy Trust, 900 seats of Microsoft 365.", "Castlegate"),
    ("Northolt Plating wants CMMC Level 2 by June and has nobody for the SSP.", "Northolt Plating"),
    ("Please call Deirdre Quinlan on Monday about the tenant migration.", "Quinlan"),
    ("Penmarric Shipping plc runs Exchange 2016 on two hosts.", "Penmarric"),
    ("We do the network for Oakhurst Dental Group; they need SOC cover.", "Oakhurst"),
    ("Tom Okafor and I need somebody for Fortinet in Sudbury Ontario.", "Okafor"),
    ("The contract with Vandermeer Logistics starts in May.", "Vandermeer"),
    ("Sudbury Nickel Works needs an OT network audit.", "Nickel Works"),
    ("Wir haben bei der Kessler Maschinenbau GmbH gewonnen und suchen jemanden für Intune.", "Kessler"),
    ("Ansprechpartner ist Herr Brandstetter, Englisch von Vorteil.", "Brandstetter"),
    ("Unser Kunde Möbel Rieger braucht drei Leute für SharePoint.", "Rieger"),
    ("Frau Dr. Yıldız leitet das Projekt, Deutsch C1.", "Yıldız"),
    ("Für die Stadtwerke Hohenfels suchen wir einen SAP-Berater.", "Hohenfels"),
    ("Bitte fragen Sie Annegret Lüders nach dem Netzplan.", "Lüders"),
    ("Onze klant Bakkerij Verhoeven zoekt iemand voor Power BI.", "Verhoeven"),
    ("Vraag naar Sanne Dijkstra over de licenties.", "Dijkstra"),
    ("Voor Transport De Wit BV in Venlo migreren wij 60 werkplekken.", "De Wit"),
    ("Notre client Fromageries Delaunay passe à Microsoft 365.", "Delaunay"),
    ("Demandez à Mireille Castaing pour les accès VPN.", "Castaing"),
    ("Nous avons signé avec Menuiserie Garrec SARL pour la sauvegarde.", "Garrec"),
    ("Vores kunde Nordhavn Teknik A/S skal have MFA inden marts.", "Nordhavn Teknik"),
    ("Spørg Mette Kjærgaard om backup af filserveren.", "Kjærgaard"),
    ("Vår kund Lindgrens Trä AB behöver hjälp med Teams.", "Lindgrens"),
    ("Prata med Göran Sjöberg om nätverket.", "Sjöberg"),
    ("Nuestro cliente Bodegas Altamira necesita un partner de SAP.", "Altamira"),
    ("Hable con Rocío Benavides sobre los firewalls.", "Benavides"),
    ("Nasz klient Meble Sosnowski sp. z o.o. potrzebuje wsparcia Azure.", "Sosnowski"),
    ("Proszę pytać o Agnieszkę Wrońską w sprawie VPN.", "Wrońsk"),
    ("Il nostro cliente Oleificio Brunetti S.r.l. passa a Business Central.", "Brunetti"),
    ("O cliente Cerâmica Valadares Lda. precisa de um parceiro Azure.", "Valadares"),
    ("Sudbury Nickel Ontario has asked for a quote.", "Sudbury Nickel"),
    ("We won the roll-out at Kestrel Ontario, 40 seats.", "Kestrel"),
    ("Englisch von Rothwell is our contact for the L2 desk.", "Rothwell"),
    ("Ask Wren Kestrel about CMMC L2.", "Kestrel"),
    ("The project for KWL Brandt L2 starts in May.", "Brandt"),
]
NAMELESS = [
    "CMMC L2 is required, and an SSP by June.",
    "We need somebody for CMMC L2 and NIST 800-171 in Sudbury Ontario.",
    "Place: Sudbury Ontario, on site.",
    "Englisch von Vorteil.",
    "Deutsch C1, Englisch von Vorteil, remote.",
    "SOC 2 Type II evidence must be ready in May.",
    "Helpdesk L1 L2 for 200 seats, nights only.",
    "Microsoft Solutions Partner for Security wanted.",
    "Active Directory Domain Services to Entra ID, Windows Hello for Business.",
    "Remote Monitoring and Management for 40 sites in New South Wales.",
    "French Canadian speakers preferred, Quebec City.",
    "Wir suchen Unterstützung bei Intune, Englisch von Vorteil, Vor Ort in Bad Homburg.",
    "ITIL Foundation Kenntnisse von Vorteil, Französisch nicht nötig.",
    "Zeitraum: Anfang März, Umfang: 200 PT, Stundensatz verhandelbar.",
    "Wij zoeken een Azure Engineer, Nederlands vereist, Engels een pré.",
    "Plaats: Den Haag, op locatie. Duur: drie maanden.",
    "Certificering Microsoft AZ-305 is een plus, VCA niet nodig.",
    "Vi søger en Netværkstekniker, Dansk og Engelsk er et krav.",
    "Vi söker en Systemtekniker, Svenska krav, Engelska meriterande.",
]
# Hidden all the same, at least in part: nothing in their form tells them from a firm's name, and a name must not be
# shown to spare them. Whoever finds a rule that holds moves them up.
HIDDEN_ALL_THE_SAME = [
    "Cisco CCNP R&S and Palo Alto PCNSE preferred.",
    "Cyber Essentials Plus by March, 60 laptops.",
    "ISO 27001 Lead Auditor for two days in Halifax Nova Scotia.",
    "Azure Landing Zone and Conditional Access for 300 users.",
    "Statement of Work attached; Time and Materials, not Fixed Price.",
    "Zero Trust Network Access instead of the old VPN.",
    "Managed Detection and Response, 24x7, English and French.",
    "Business Continuity Plan and Disaster Recovery Test in Baton Rouge Louisiana.",
    "Scope: Data Loss Prevention, Sensitivity Labels, Purview.",
    "Level 3 Engineer, Site Reliability Engineering, Kubernetes.",
    "Ort: Frankfurt am Main, Rechenzentrum Sossenheim.",
    "Nous cherchons un Ingénieur Réseau, Anglais courant souhaité.",
    "Lieu: Aix en Provence, Région Sud, télétravail partiel.",
    "Habilitation Secret Défense exigée, RGPD et ISO 27001.",
    "Sted: Region Syddanmark, Opgaven starter i Marts.",
    "Buscamos Ingeniero de Redes, Inglés valorable, Madrid Norte.",
    "Lugar: San Sebastián, País Vasco, Alta disponibilidad.",
    "Szukamy Inżyniera Sieci, Angielski mile widziany, Województwo Mazowieckie.",
    "Cerchiamo un Sistemista Senior, Inglese gradito, Emilia Romagna.",
    "Penetration Test of a Web Application, OWASP Top Ten, Red Team welcome.",
    "Power Platform Center of Excellence, Managed Environments, Dataverse.",
]


@pytest.mark.parametrize(("text", "name"), NAMED)
def test_a_name_is_hidden(text: str, name: str) -> None:
    blind, _ = mask(text, linker_keys=linker_keys)
    assert name.casefold() not in blind.casefold()


@pytest.mark.parametrize("text", NAMELESS)
def test_a_sentence_without_a_name_stays_as_it_is(text: str) -> None:
    assert mask(text, linker_keys=linker_keys) == (text, ())


@pytest.mark.parametrize("text", HIDDEN_ALL_THE_SAME)
def test_what_is_listed_as_hidden_all_the_same_still_is(text: str) -> None:
    assert mask(text, linker_keys=linker_keys)[1]
