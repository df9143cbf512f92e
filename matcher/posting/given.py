"""The given names of people, in the languages that our partners write, and which of them are also words."""

import unicodedata
from pathlib import Path

from matcher.posting.names import words

# Names that are also words, products, months or towns: alone they name a person only where a person is spoken of.
ALSO_WORDS = words(
    """
    ada alba ales alma alva amal amar amin amit ana anand andre andrea april archie ariel ashley aurora autumn axel
    bas beate becky bello ben bert beverly bharat bharti bianca billy blair blanca bruna carina carlo carol carolina
    cas chad charlotte christa christian claire clark cody concetta consuelo cora cordula crystal daisy dale dana
    dawn denise deniz dolores drew earl eli elisa ellen emin ender engin ernst eva faith falk felicity felix feng
    finn fiorenza fletcher flora florence florian frank frida german glen gloria grace gracia grant grazia guido guy
    hala harald harley hazel heather heide hein holly hope horst ida ines iris ivy jack jackson jade jan jasmine
    jasper jay jean jed jewel josh joy jude jules julia june kai kaj kasey kiran kota kumar lance lara lea lee leigh
    leo leon linda linde linh lino lisa liv lloyd madison mae maki malte marco mari maria marine mario marius mark
    marley max maxwell maya mel melody mercy merle mika milagros mina minna mira mona montgomery nadia nan nieves
    noel noemi nola noor nora ola olive onur opal oscar otto ove paige partha pascal pat patty pearl penny per perla
    perry pia pilar pim poppy prem prudence raj raja raman rana regina reid reiner remedios rex ria rik rita robin
    rod roi romain roman ron rosa rosemary rowan roy ruby rune rusty ryo sai salem sami sally salman sana sandy sara
    scarlett segun serena shakti sho sita siti siv skye stella sterling stig summer suna tamar tara taro tessa thea
    tor tore toshi travis troy tucker tudor uma uri ved vera vesna victoire victor vince viola violet virgil wallace
    walter wenzel whitney will woody xiang yuma
    """
)
GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def is_given(word: str) -> bool:
    """Tell a given name, written with or without its accents."""
    return _plain(word.casefold()) in FIRST_NAMES


def is_also_word(word: str) -> bool:
    """Tell a given name that is also something else."""
    return _plain(word.casefold()) in ALSO_WORDS


def _plain(name: str) -> str:
    """Write a name without accents, as people do who lack the keys."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))


def _read(names: str) -> frozenset[str]:
    written = frozenset(names.split())
    return written | {_plain(name) for name in written} | {name.translate(GERMAN) for name in written}


FIRST_NAMES = _read(Path(__file__).with_name("given_names.txt").read_text(encoding="utf-8"))
