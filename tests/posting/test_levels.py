"""Which level of people a need asks for: what posters write, in the languages that they write."""

import time

import pytest

from matcher.posting.levels import level_asked

SAID = [
    ("architect", "We need an architect for Azure landing zones."),
    ("architect", "An Azure architect, two days a week."),
    ("architect", "Somebody with AZ-305 for the landing zone."),
    ("architect", "AWS-architect gezocht"),
    ("architect", "Wir suchen einen Cloud-Architekten für die Landezone."),
    ("architect", "Nous cherchons un architecte Azure."),
    ("architect", "Buscamos un arquitecto de datos."),
    ("architect", "Cerchiamo un architetto SAP."),
    ("architect", "Procuramos um arquiteto de soluções"),
    ("architect", "Vi søger en løsningsarkitekt til SharePoint."),
    ("architect", "Szukamy architekta chmury."),
    ("architect", "Sized and drawn by us; missing is one certified solutions architect who signs the design."),
    ("architect", "Two developers and an architect for Dynamics."),
    ("senior", "We are looking for a senior Citrix engineer."),
    ("senior", "A senior Citrix engineer."),
    ("senior", "two senior full-stack devs"),
    ("senior", "Wanted: an experienced team, three people at least."),
    ("senior", "What is wanted: an experienced team, three people at least who did this at banks"),
    ("senior", "Gesucht: erfahrener Exchange-Administrator, drei Monate."),
    ("senior", "Wir brauchen jemanden für Exchange, keine Anfänger bitte."),
    ("senior", "Nous cherchons un consultant SAP confirmé."),
    ("senior", "Pas de débutant, s'il vous plaît."),
    ("senior", "Buscamos un consultor sénior de SAP."),
    ("senior", "We zoeken een ervaren beheerder."),
    ("senior", "last year a big house sent us six juniors and a methodology."),
    ("senior", "We have had once a large house here with 23 locations and a junior came."),
    ("senior", "At least five years of experience with Exchange."),
    ("senior", "We need an expert for BizTalk."),
    ("senior", "Cerchiamo un esperto di Exchange."),
    ("senior", "Szukamy doświadczonego administratora."),
    ("senior", "Vi söker en erfaren tekniker."),
    ("junior", "Sorting 400 folders; a junior will do."),
    ("junior", "We need a junior for the tickets."),
    ("junior", "Ein Junior reicht."),
    ("junior", "Un junior suffit."),
    ("junior", "Basta un junior."),
    ("junior", "A student is fine for this."),
    ("", "Move 300 mailboxes from Notes."),
    ("", "Our customer is an architects' office in Cork with 30 Macs."),
    ("", "We look for somebody who sets up a server for an architect in Leeds."),
    ("", "An architect in Bremen has 12 workplaces and needs a backup."),
    ("", "Our senior developer left in May, and nobody knows the code."),
    ("", "A home for senior citizens needs Wi-Fi."),
    ("", "Das Seniorenheim braucht WLAN."),
    ("", "We have a senior DBA ourselves."),
    ("", "No architect needed, just somebody with a screwdriver."),
    ("", "Architects want heavy drawing programs from anywhere"),
    ("", "A student set it up."),
    ("", "Ein Architekturbüro in Kiel sucht Hilfe mit AutoCAD."),
    ("", "Well-architected review on AWS"),
    ("", "The senior management wants a dashboard."),
    ("", "SAP on Azure specialist for strategic manufacturing client"),
    ("", "We are a firm of experts for ERP and need somebody for phones."),
    ("", "Juniors of the football club need an app."),
    ("", "We are an experienced team for SAP and need a hand with mail."),
    ("", "We need a web shop for an architect."),
    ("", "their expert says the SAN is full and they need storage"),
    ("", "The expert from Munich cannot come."),
    ("senior", "Ein Senior-Berater für Navision, zwei Wochen."),
    ("architect", "Recherche architecte réseau pour une mission de 3 mois."),
    ("architect", "Our customer needs a certified Citrix architect on site."),
    ("architect", "Is there a Power Platform solution architect with two days in March?"),
    ("senior", "Kein Junior, bitte."),
    ("senior", "Someone senior who can talk to the auditors."),
    ("senior", "Please no trainees."),
    ("senior", "Somebody with ten years of SAP experience."),
    ("junior", "The work is simple, juniors are welcome."),
    ("", "We want the architect of the hospital to get a CAD workstation."),
    ("senior", "A CISSP expert to sign the report."),
    ("senior", "Iemand met ervaring, geen stagiair."),
    ("architect", "Chi conosce un architetto Azure?"),
    ("", "The customer is a senior secondary school."),
    ("", "An expert system from 1994 has to move to Azure."),
    ("", "Junior school in Leeds, 40 tablets to enrol."),
    ("senior", "Vi mangler en erfaren SAP-konsulent i tre uger."),
    ("architect", "Gesucht wird ein SAP-Architekt für die Umstellung."),
    ("senior", "Necesitamos a alguien con años de experiencia en Navision."),
    ("", "Interior architects with 30 Macs want one file server."),
    ("architect", "Potrzebny architekt Azure na trzy tygodnie."),
    ("", "Students and teachers need accounts in one tenant."),
    ("senior", "Hledáme zkušeného správce Exchange."),
    ("", "Experienced users complain that Teams is slow."),
    ("senior", "Precisamos de um especialista sénior em redes."),
    ("", "The migration expert tool broke."),
    ("architect", "Would need: 1 x data architect, 2 x data engineer, Fabric."),
]


@pytest.mark.parametrize(("level", "text"), SAID)
def test_a_level_is_read_where_it_is_asked_for(level: str, text: str) -> None:
    assert level_asked(text) == level


def test_the_highest_level_of_several_sentences_counts() -> None:
    assert level_asked("We need an architect for the design. For the roll-out a junior will do.") == "architect"
    assert level_asked("We need a senior for the design. A junior is fine for the rest.") == "senior"


@pytest.mark.parametrize(
    ("level", "text"),
    [
        ("architect", "We need an architect, no juniors please."),
        ("architect", "We are looking for a SAP architect and not a junior."),
        ("architect", "Wir suchen einen Architekten, keine Anfänger."),
        ("architect", "AZ-305, and please no trainees"),
        ("senior", "We need an experienced engineer, no juniors."),
        ("senior", "We have an architect, no juniors please."),
        ("senior", "We need no architect and no juniors, just somebody who has done it."),
    ],
)
def test_who_wants_no_juniors_still_gets_the_architect_that_is_asked_for(level: str, text: str) -> None:
    assert level_asked(text) == level


ODD = ["", "  \n", "architect", "junior senior", "AZ-305" * 3, "senior " * 50 + "?!", "\x00 expert \ufffd"]
LONG = ["a" * 20_000 + " architect", "senior, a " * 2_000, "need a " * 2_800, "junior " + " " * 19_000]


@pytest.mark.parametrize("text", ODD)
def test_odd_words_are_read_without_an_error(text: str) -> None:
    assert level_asked(text) in ("", "junior", "senior", "architect")


@pytest.mark.parametrize("text", LONG)
def test_a_text_of_any_kind_is_read_in_bounded_time(text: str) -> None:
    began = time.perf_counter()
    level_asked(text)
    assert time.perf_counter() - began < 2
