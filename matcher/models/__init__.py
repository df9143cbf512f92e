"""The tables: partners and what they can do, postings and what they need, and everything that was said between them."""

from matcher.models.base import Base
from matcher.models.learned import LiftsOfDay, RankerModel
from matcher.models.mail import Bounce, Digest, Exposure, InboundMessage, Letter, Pace, Suppression
from matcher.models.market import (
    Embedding,
    Introduction,
    IntroductionStep,
    Match,
    Need,
    Opportunity,
    Outcome,
    Posting,
    Reserve,
    WhyNot,
)
from matcher.models.nights import Allotment, Night, NightShard
from matcher.models.partners import Badge, BenchPerson, Capability, Collaboration, Competency, Consent, Contact, Partner
from matcher.models.watching import JobFault, NetworkChange, Unreadable

__all__ = [
    "Base",
    "Partner",
    "Contact",
    "Competency",
    "Capability",
    "Badge",
    "BenchPerson",
    "Collaboration",
    "Consent",
    "Posting",
    "Opportunity",
    "Need",
    "Embedding",
    "Match",
    "Reserve",
    "WhyNot",
    "Introduction",
    "IntroductionStep",
    "Outcome",
    "Letter",
    "Digest",
    "Exposure",
    "InboundMessage",
    "Suppression",
    "Bounce",
    "Pace",
    "JobFault",
    "NetworkChange",
    "LiftsOfDay",
    "RankerModel",
    "Night",
    "NightShard",
    "Allotment",
    "Unreadable",
]
