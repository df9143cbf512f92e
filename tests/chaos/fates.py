"""A Message-ID → what the sink does with a letter whose bytes it has got: the same for the same letter, each time."""

from dataclasses import dataclass
from hashlib import sha256

N_BUCKETS = 64
MAILBOX_FULL = "552 5.2.2 the mailbox is full"


@dataclass(frozen=True, slots=True)
class Fate:
    """What comes of a letter, and in which words; `n_times` says how often before it is taken, 0 for always."""

    what: str  # taken, put off, refused, cut off
    said: str = ""
    n_times: int = 0


TAKEN = Fate("taken")
# One letter in 64 each. Of the refusals for good only the full mailbox says anything of an address.
FATES = (
    Fate("put off", "451 4.7.1 come back later", 2),
    Fate("put off", "452 4.3.1 no room for this letter now", 1),
    Fate("put off", "452 4.2.2 the mailbox is full", 2),
    Fate("refused", "550 refused"),
    Fate("refused", "552 5.3.4 message length exceeds what this system takes"),
    Fate("refused", "554 5.7.1 looks like spam"),
    Fate("refused", MAILBOX_FULL),
    Fate("cut off", n_times=1),
    Fate("cut off", n_times=1),
    Fate("cut off", n_times=2),
)


def fate_of(message_id: str) -> Fate:
    """Choose what comes of a letter."""
    bucket = int.from_bytes(sha256(message_id.encode()).digest()[:4], "big") % N_BUCKETS
    return FATES[bucket] if bucket < len(FATES) else TAKEN


def comes_now(fate: Fate, n_before: int) -> Fate:
    """Say what comes of a letter that met its fate so often before."""
    return TAKEN if fate.n_times and n_before >= fate.n_times else fate
