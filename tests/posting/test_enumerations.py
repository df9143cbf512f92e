"""What somebody counts in running text is as many needs."""

import pytest

from matcher.posting.enumerations import listed
from tests.posting.factories import reading


def needs(text: str, **more: object) -> list[str]:
    return [need.text for need in reading(text, **more).needs]


TWO = [
    "First: guests should book the sauna by telephone app. Second: the wireless stops at the third row of tents.",
    "First, guests should book the sauna by app. It must be quick. And second, the wireless stops at the third row.",
    "Erstens sollen Gäste die Sauna mit dem Telefon buchen. Zweitens reicht das Funknetz nur bis zur dritten Reihe.",
    "Premièrement, les hôtes réservent le sauna au téléphone. Deuxièmement, le réseau s'arrête à la troisième rangée.",
    "En primer lugar, reservar la sauna con el teléfono. En segundo lugar, la señal no llega a la tercera fila.",
    "In primo luogo prenotare la sauna col telefono. In secondo luogo il segnale non arriva alla terza fila.",
    "Em primeiro lugar, marcar a sauna pelo telefone. Em segundo lugar, o sinal não chega à terceira fila.",
    "Ten eerste willen gasten de sauna boeken per telefoon. Ten tweede stopt het signaal bij de derde rij tenten.",
    "For det første skal gæster bestille sauna med telefonen. For det andet når nettet kun til tredje række.",
    "For det første skal gjester bestille badstue på telefonen. For det andre stopper nettet ved tredje rad.",
    "För det första ska gäster boka bastun i telefonen. För det andra räcker nätet bara till tredje raden.",
    "Po pierwsze goście mają zamawiać saunę telefonem. Po drugie zasięg kończy się przy trzecim rzędzie namiotów.",
    "Za prvé si hosté objednají saunu telefonem. Za druhé signál končí u třetí řady stanů.",
]


@pytest.mark.parametrize("text", TWO)
def test_first_and_second_are_two_needs(text: str) -> None:
    assert len(needs(text)) == 2


def test_what_is_said_of_an_item_stays_with_it() -> None:
    first, second = needs(TWO[1])
    assert "quick" in first
    assert "quick" not in second


@pytest.mark.parametrize(
    "text", ["We need (a) somebody for Citrix, (b) SAP people.", "We need 1) Citrix help 2) SAP help"]
)
def test_a_list_written_on_in_one_line_is_a_list(text: str) -> None:
    assert [need.competency_keys for need in reading(text).needs] == [("virtual-desktop",), ("sap",)]


@pytest.mark.parametrize(
    "text",
    [
        "First boat in March, the second in May.",
        "The first firm left us; the second wanted too much.",
        "Second: the printer.",
        "Exchange (a) or not, it is all the same to us.",
        "First, a. Second, b.",
    ],
)
def test_who_counts_nothing_is_left_alone(text: str) -> None:
    assert listed(text) == text


def test_of_what_is_counted_the_posters_own_part_is_no_need() -> None:
    text = "Two things. First: Power BI, which we do ourselves. Second: somebody for Citrix."
    assert [need.competency_keys for need in reading(text).needs] == [("virtual-desktop",)]


@pytest.mark.parametrize(
    "text",
    [
        "We look for a firm that paints ninety bakeries. And also somebody who answers their telephone.",
        "Gesucht ist jemand, der die Regeln mit uns aufschreibt. Und getrennt davon jemand, der nachts Türen prüft.",
    ],
)
def test_somebody_else_is_another_need_even_where_nothing_is_named(text: str) -> None:
    assert len(needs(text)) == 2


def test_an_item_of_several_sentences_is_one_need() -> None:
    text = (
        "We need:\n1) somebody who finds out how the burglars came into the servers. "
        "Afterwards a written report about burglars and servers for the insurer.\n2) SAP people"
    )
    assert len(needs(text)) == 2
