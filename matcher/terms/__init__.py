"""The words of the field as frozen values: what one stage hands to the next."""

from matcher.terms.floor import FLOOR, ScoreFloor
from matcher.terms.mail import Act, Digest, Inbound, Offer, Reply
from matcher.terms.market import NOBODY, Badge, BenchPerson, Capability, Collaboration, Network, Opportunity, Partner
from matcher.terms.matches import Candidate, Match, Part, Reason, Removed, Reserve, Team, TeamPerson
from matcher.terms.words import Competency, Masked, Mention, Named, Need, Profile, Reading

__all__ = [
    "FLOOR",
    "NOBODY",
    "Act",
    "Badge",
    "BenchPerson",
    "Candidate",
    "Capability",
    "Collaboration",
    "Competency",
    "Digest",
    "Inbound",
    "Masked",
    "Match",
    "Mention",
    "Named",
    "Need",
    "Network",
    "Offer",
    "Opportunity",
    "Part",
    "Partner",
    "Profile",
    "Reading",
    "Reason",
    "Refused",
    "Removed",
    "Reply",
    "Reserve",
    "ScoreFloor",
    "Team",
    "TeamPerson",
]


class Refused(ValueError):
    """What somebody asked for cannot be done; the message is the sentence that they read."""
