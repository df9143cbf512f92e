"""What one side wrote → what the other may read before both agreed, and what was taken out of it."""

from matcher.relay.known import Known, known_of
from matcher.relay.passing import TOOK_OUT, Passed, pass_on
from matcher.relay.plain import plain

__all__ = ["TOOK_OUT", "Known", "Passed", "known_of", "pass_on", "plain"]
