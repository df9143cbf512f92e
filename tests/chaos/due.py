"""What nights allotted and what they wrote → who should have been told of what and was not, or was told too much."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from matcher.digest import MAX_OFFERS, MAX_PARTNERS
from matcher.store.nights import MAX_TRIES


@dataclass(frozen=True, slots=True)
class Event:
    """Something that we did: a kill, a jump of the clock, a change of the sink's manners or of the ranker's disk."""

    at: float
    what: str  # kill, jump, mode, disk
    name: str
    pid: int = 0
    where: tuple[str, ...] = ()  # what was in hand then, such as "12 match 3 held": night, stage, shard, step


@dataclass(frozen=True, slots=True)
class Offered:
    """What a night allotted to a contact, as it stood in the transaction that allotted."""

    night_id: int
    contact_id: int
    opportunity_id: int


@dataclass(frozen=True, slots=True)
class Told:
    """What a digest said to a contact: the letter's key, and of which opportunity."""

    letter: str
    contact_id: int
    opportunity_id: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """A shard that nobody tries any more."""

    night_id: int
    stage: str
    number: int
    first_id: int
    last_id: int

    @property
    def name(self) -> str:
        return f"{self.night_id} {self.stage} {self.number}"

    def has(self, one: Offered) -> bool:
        """Tell whether an offer was for this shard to write or to explain."""
        about = one.contact_id if self.stage == "write" else one.opportunity_id
        of_it = self.stage != "match" and self.night_id == one.night_id
        return of_it and self.first_id <= about <= self.last_id

    def ranks(self, opportunity_id: int) -> bool:
        """Tell whether an opportunity was for this shard to rank; the next night ranks it."""
        return self.stage == "match" and self.first_id <= opportunity_id <= self.last_id


@dataclass(slots=True)
class Due:
    """All that the nights allotted and wrote."""

    days: dict[int, date] = field(default_factory=dict)  # of nights that ended
    given_up: set[int] = field(default_factory=set)
    n_open: int = 0
    offered: list[Offered] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    n_asked: dict[int, int] = field(default_factory=dict)  # opportunity → introductions
    unranked: list[int] = field(default_factory=list)  # opportunities whose matches are old
    left_out: list[str] = field(default_factory=list)  # addresses that matches say should have got the last digest


def shard_of(where: str) -> str:
    """Name the shard of a place."""
    return " ".join(where.split()[:3])


def undone(due: Due, events: Sequence[Event]) -> list[str]:
    """List in sentences what the nights left undone without a reason, and what they overdid."""
    ends = Counter(shard for each in events for shard in {shard_of(where) for where in each.where})
    unproven = [each.name for each in due.set_aside if ends[each.name] < MAX_TRIES]
    untold = [f"contact {one.contact_id} of {one.opportunity_id} in night {one.night_id}" for one in untold_of(due)]
    too_many = [f"opportunity {each}: {n}" for each, n in due.n_asked.items() if n > MAX_PARTNERS]
    long = [f"{each}: {n}" for each, n in Counter(one.letter for one in due.told).items() if n > MAX_OFFERS]
    said = Counter((one.contact_id, one.opportunity_id) for one in due.told)
    n_unranked = sum(not any(aside.ranks(each) for aside in due.set_aside) for each in due.unranked)
    again = [f"contact {contact} of {opportunity}" for (contact, opportunity), n in said.items() if n > 1]
    return [
        f"{sentence}: {len(names)}, such as {'; '.join(names[:3])}"
        for sentence, names in (
            ("set aside though its worker did not die so often", unproven),
            ("allotted and told by no letter", untold),
            ("more partners asked than an opportunity may ask", too_many),
            ("more offers than a letter may have", long),
            ("told twice of the same", again),
            ("fits an open opportunity with places left and got no letter", due.left_out),
        )
        if names
    ] + [
        sentence
        for n, sentence in (
            (due.n_open, f"{due.n_open} nights are still open"),
            (n_unranked, f"{n_unranked} opportunities were never ranked anew"),
        )
        if n
    ]


def untold_of(due: Due) -> list[Offered]:
    """List what was allotted and told by no letter, but for what a night given up or a shard set aside kept back."""
    told = {(one.contact_id, one.opportunity_id) for one in due.told}
    return [
        one
        for one in due.offered
        if (one.contact_id, one.opportunity_id) not in told
        and one.night_id not in due.given_up
        and not any(each.has(one) for each in due.set_aside)
    ]
