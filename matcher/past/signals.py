"""Asked works and what is known → every signal for every partner, and facts that need no work to be compared."""

import numpy as np
from scipy import sparse

from matcher.past.habits import Habits
from matcher.past.known import Known
from matcher.past.likeness import Comparing, Likeness
from matcher.past.meets import Meets
from matcher.past.regression import Regression
from matcher.past.ties import ties
from matcher.past.votes import closest, votes
from matcher.past.walks import at_alike, at_leads, at_likeliest, common, walked
from matcher.past.works import Asked, FloatArray, IntArray, best, of_largest

FUSED = {"together": 1.0, "words": 1.0, "prior_alike": 0.7, "walk_both": 0.5, "subject": 0.3}


class Scene:
    """What one day's signals rest on, made once and used for every batch of that day."""

    def __init__(self, known: Known) -> None:
        self.known, self.comparing = known, Comparing(known)
        self.habits, self.meets, self.regression = Habits(known), Meets(known), Regression(known, self.comparing)
        self.facts = facts(known) | self.habits.facts()
        self.from_country = _from_country(known)

    def signals(self, asked: Asked) -> dict[str, FloatArray]:
        """Measure every signal: (n_asked, n_partners) each, by name. `profile` and `regressed*` may be below 0."""
        return self.signals_by(self.comparing.likeness(asked), asked)

    def signals_by(self, alike: Likeness, asked: Asked) -> dict[str, FloatArray]:
        """Measure every signal of works whose likeness is known already."""
        found = votes(self.known, alike) | ties(self.known, alike, asked.leads)
        found["closest"] = closest(self.known, alike)
        found["profile"] = asked.about.meaning @ self.known.profiles.T
        found |= self.regression.signals(alike, asked.leads) | self.habits.signals(asked)
        found |= self.meets.signals(asked.leads, found["prior_faded"])
        found |= self._walks(alike, found, asked.leads)
        return found | self._fit(alike, found, asked.leads)

    def _walks(self, alike: Likeness, found: dict[str, FloatArray], leads: IntArray) -> dict[str, FloatArray]:
        n_partners = len(self.known.works.partners)
        near = at_alike(self.known, alike.together)
        from_lead = walked(self.known, at_leads(leads, n_partners), n_steps=3)
        from_alike = walked(self.known, near, n_steps=2) + near
        made = {"walk_lead": from_lead, "walk_alike": from_alike, "walk_both": from_lead + from_alike}
        fused = np.sum([weight * of_largest((found | made)[name]) for name, weight in FUSED.items()], axis=0)
        fused[np.arange(len(leads)), leads] = 0
        likely = walked(self.known, at_likeliest(fused), n_steps=1)
        both = of_largest(likely) + of_largest(made["walk_both"]) + of_largest(found["together"])
        shared = common(self.known, found["prior"], leads)
        regressed = np.maximum(found["regressed_lead"], 0)
        regressed[np.arange(len(leads)), leads] = 0
        return made | {
            "common": shared,
            "walk_likely": likely,
            "walk_likely_both": both,
            "walk_regressed": walked(self.known, at_likeliest(regressed), n_steps=1),
        }

    def _fit(self, alike: Likeness, found: dict[str, FloatArray], leads: IntArray) -> dict[str, FloatArray]:
        """Measure fit of place, kind and size with what alike works had."""
        of = self.known.partners
        town_of_lead = self.known.works.partners.town[leads]  # whoever asks says where it is
        many = found["together_many"]
        sized = best(alike.together, 50)
        sums = np.maximum(np.asarray(sized.sum(axis=1)).ravel(), 1e-9)
        size = np.asarray(sized @ self.known.sizes[self.known.told]).ravel() / sums
        shape = (len(leads), len(of))
        return {
            "votes_for_country": shares(many, of.country)[:, of.country],
            "votes_for_kind": shares(many, of.kind)[:, of.kind],
            "same_country": (of.country[leads][:, None] == of.country[None]).astype(np.float32),
            "same_town": (town_of_lead[:, None] == of.town[None]).astype(np.float32),
            "led_from_country": self.from_country[:, of.country[leads]].T,
            "lead_kind": np.broadcast_to(of.kind[leads][:, None], shape).astype(np.float32),
            "lead_n_works": np.broadcast_to(self.known.n_works[leads][:, None], shape),
            "usual_size": np.broadcast_to(size[:, None], shape).astype(np.float32),
        }


def shares(votes_: FloatArray, group: IntArray) -> FloatArray:
    """Sum votes by group and scale each row to a sum of 1: (n, n_partners) and (n_partners,) to (n, n_groups)."""
    n_groups = int(group.max()) + 1
    member = sparse.csr_matrix(
        (np.ones(len(group), np.float32), (np.arange(len(group)), group)), (len(group), n_groups)
    )
    sums = np.asarray(votes_ @ member)
    return np.asarray(sums / np.maximum(sums.sum(axis=1, keepdims=True), 1e-9), dtype=np.float32)


def facts(known: Known) -> dict[str, FloatArray]:
    """Measure what a partner did, whatever is asked: (n_partners,) each, by name."""
    n_works = np.maximum(known.n_works, 1)
    led = known.leads[known.leads >= 0]
    newest = np.zeros(len(known.n_works), dtype=np.float32)
    for row in range(len(known.rows)):  # works stand in order of their days: the last one written is the newest
        newest[known.took_part.indices[known.took_part.indptr[row] : known.took_part.indptr[row + 1]]] = known.ages[row]
    return {
        "n_works": known.n_works,
        "n_works_of_year": np.asarray(known.took_part[np.flatnonzero(known.ages < 1)].sum(axis=0)).ravel(),
        "n_works_told": np.asarray(known.took_part_told.sum(axis=0)).ravel(),
        "years_since": newest,
        "led": np.bincount(led, minlength=len(n_works)).astype(np.float32) / n_works,
        "mean_size": (known.works_of @ known.sizes) / n_works,
        "kind": known.partners.kind.astype(np.float32),
        "is_small": known.partners.is_small,
    }


def _from_country(known: Known) -> FloatArray:
    """Say which share of a partner's works was led from each country: (n_partners, n_countries)."""
    country = known.partners.country
    led = np.flatnonzero(known.leads >= 0)
    shape = (len(known.rows), int(country.max()) + 1)
    of_work = sparse.csr_matrix((np.ones(len(led), np.float32), (led, country[known.leads[led]])), shape)
    counted = (known.works_of @ of_work).toarray()
    return np.asarray(counted / np.maximum(known.n_works, 1)[:, None], dtype=np.float32)
