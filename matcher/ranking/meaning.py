"""Texts, their vectors and the practices they name become the practices they are about, or an honest "not sure"."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.ranking.arrays import FloatArray
from matcher.ranking.capability import described
from matcher.ranking.records import is_current_practice
from matcher.terms import Competency, Named

# Chosen on the tuning half of tests/ranking/phrasings.csv, where a wrong answer costs twice what a right one gains.
SURE_SCORE = 0.28
SURE_LEAD = 0.08  # before the next practice
SURE_INSIDE = 0.14  # before everything that is no work in IT
# More names gain nothing, with 16 a twentieth of the right answers is lost; each costs the worker some 7 ms, once.
N_NAMES = 24
EVERYDAY_OUTSIDE = 0.1  # from here on, an everyday word is not the product of that name
# What people also write about, in the same form as the definitions of practices, so that "none of them" can be nearest.
OUTSIDE = (
    "Food and drink: catering, cooking, restaurants, bakery, coffee, parties and events with guests",
    "Flowers, plants, gardens, trees, animals, birds, pets and wildlife",
    "Music, singing, theatre, film, photography, art and painting",
    "Sport, running, football, fitness and games",
    "Weather, rain, clouds in the sky and the seasons",
    "Travel, holidays, hotels, flights, taxi and sightseeing",
    "Furniture, office chairs, curtains, carpets, decoration and interior design",
    "Building, plumbing, doors, windows, pipes, walls, heating and repair of houses",
    "Lawyers, leases, notary, contracts between buyers and sellers",
    "Bookkeeping, tax advice, annual accounts, bank loans, insurance and currency",
    "Cleaning, guards, locks, parking, moving and storage of boxes",
    "Recruiting staff, job interviews, apprentices and receptionists",
    "Nurses, doctors, patients, schools, pupils and teachers",
    "Roads, traffic, trucks, ships, railway and bridges",
    "Shops for clothes, jewellery and fashion",
    "Translation, printing of flyers, brochures and gifts",
    "Greetings, thanks, good wishes, an appointment to talk, a phone call, out of office",
    "A meeting with friends, networking drinks and personal contacts",
    "General words about computers, a project or the future, without saying what is wanted",
    "Farming, fishing, forestry, mining and energy",
    "Church, clubs, charity and village life",
    "Cars, bicycles, engines and driving",
    "One word that says nothing by itself: project, help, service, support, partner, question, solution",
    "Success, talent, ambition, pride and doing one's best",
    "Rivers, the sea, mountains, forests and countries",
    "History, archaeology, museums, libraries and theatres of a town",
    "Paint, colours, glass, metal and wood",
    "Guitars, singers, choirs and instruments",
    "Insects, worms and fish",
    "Games, toys, bridge, chess and clubs",
    "Vans, lights, tyres and garages",
    "Feelings, doubts, morale and gossip",
)

Encode = Callable[[Sequence[str]], FloatArray]


@dataclass(frozen=True, slots=True)
class Understood:
    """The practices that a text is about, most likely first; without keys, nobody can be sure.

    `how` is "named" (the text says a name), "meant" (it sounds like one) or "unsure".
    """

    keys: tuple[str, ...] = ()
    how: str = "unsure"


UNSURE = Understood()


def texts_of(competencies: Iterable[Competency]) -> tuple[str, ...]:
    """List the texts whose vectors `Meanings` wants: definitions, names, what lies outside; none without a practice."""
    practices = _practices(competencies)
    names = [name for one in practices for name in _names(one)]
    return tuple(dict.fromkeys((*map(described, practices), *names, *OUTSIDE))) if practices else ()


class Meanings:
    """What every practice means; a text is as near to it as to its definition and its nearest name on average."""

    def __init__(self, competencies: Iterable[Competency], encode: Encode) -> None:
        practices = _practices(competencies)
        texts = texts_of(practices)
        row = {text: at for at, text in enumerate(texts)}
        vectors = encode(texts)
        self.keys = tuple(one.key for one in practices)
        self._definitions = vectors[[row[described(one)] for one in practices]]
        self._names = vectors[[row[name] for one in practices for name in _names(one)]]
        self._starts = np.cumsum([0, *(len(_names(one)) for one in practices)])[:-1]
        self._outside = vectors[[row[text] for text in OUTSIDE]]

    def understand(self, vectors: FloatArray, named: Sequence[Named]) -> tuple[Understood, ...]:
        """Say what each text is about, from its row in `vectors` and the practices it names."""
        by_definition = vectors @ self._definitions.T
        near = (by_definition + np.maximum.reduceat(vectors @ self._names.T, self._starts, axis=1)) / 2
        outside = (vectors @ self._outside.T).max(axis=1)
        return tuple(self._one(*each) for each in zip(named, by_definition, near, outside, strict=True))

    def _one(self, named: Named, by_definition: FloatArray, near: FloatArray, outside: np.float32) -> Understood:
        if named.belief == "denied":
            return UNSURE
        if named.belief == "name":
            return Understood(named.keys, "named")
        if named.belief == "everyday":
            inside = max(
                (by_definition[self.keys.index(key)] for key in named.keys if key in self.keys), default=outside
            )
            return UNSURE if outside - inside >= EVERYDAY_OUTSIDE else Understood(named.keys, "named")
        meant = self._nearest(near, outside)
        if meant and meant not in named.keys:
            return Understood((meant, *named.keys), "meant")
        return Understood(named.keys, "named") if named.keys else UNSURE

    def _nearest(self, near: FloatArray, outside: np.float32) -> str:
        """Return the nearest practice; nothing where it is too far, hardly nearer than the next, or than the world."""
        second, first = np.argsort(near, kind="stable")[-2:]
        sure = (
            near[first] >= SURE_SCORE
            and near[first] - near[second] >= SURE_LEAD
            and near[first] - outside >= SURE_INSIDE
        )
        return self.keys[first] if sure else ""


def _practices(competencies: Iterable[Competency]) -> tuple[Competency, ...]:
    """Return the practices that are still current, by key; what was replaced has its successor's meaning."""
    return tuple(sorted((one for one in competencies if is_current_practice(one)), key=lambda one: one.key))


def _names(one: Competency) -> tuple[str, ...]:
    return (one.label, *one.synonyms[:N_NAMES], *one.old_names[:N_NAMES])
