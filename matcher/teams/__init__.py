"""Candidates for the parts of an opportunity become the fewest partners that cover it together."""

from matcher.teams.candidate import FOUR_EACH, SHARED, Staffing
from matcher.teams.propose import alone, propose
from matcher.terms import Candidate, TeamPerson

__all__ = ["FOUR_EACH", "SHARED", "Candidate", "TeamPerson", "Staffing", "alone", "propose"]
