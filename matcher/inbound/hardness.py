"""The codes and words of a failed delivery to whether it failed for good, as people who send mail count it.

For good (hard): the address does not exist, does not accept mail any more, or its domain does not (5.1.x, 5.2.1, other
5.x.x). For now (soft): everything 4.x.x; whatever a server still tries or has given up trying (delayed, expired); and
three permanent-looking refusals that pass: a full mailbox (5.2.2), a full mail system (5.3.1), a delivery that took
too long (5.4.7). An SMTP reply code counts where a status code is missing, words where both are.
"""

import re

FOR_NOW = ("5.2.2", "5.3.1", "5.4.7")
STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
REPLY = re.compile(r"(?<![\d.\w-])([45])\d\d(?=[ -]|$)")
FULL = re.compile(
    r"over\s?quota|quota\s+(?:is\s+)?exceeded|exceed\w*\s+.{0,30}quota|(?:mail)?(?:box|folder)\s+(?:is\s+|was\s+)?full"
    r"|full\s+mailbox|insufficient\s+(?:disk\s+)?(?:space|storage)|not enough (?:disk )?space|disk quota",
    re.I,
)
WAITING = re.compile(
    r"(?:still|will|to) (?:being |be |continue |keep )?(?:to )?(?:be )?(?:re)?tr(?:y|ied)|delayed|warning only|temporar"
    r"|not yet been delivered|no action is required|deferred",
    re.I,
)
GONE = re.compile(
    r"permanent|unknown|no such|not (?:found|known|exist|listed)|does(?: not|n't) exist|no mailbox|invalid|disabled"
    r"|inactive|rejected|fatal|unable to deliver|could not be delivered|couldn't be delivered|did not reach",
    re.I,
)


def is_hard(*, action: str = "", status: str = "", reason: str = "") -> bool:
    """Tell from the fields about one recipient whether it failed for good; without any sign it did."""
    if action.lower().startswith(("delay", "expired")):
        return False
    for text in (status, reason):
        found = STATUS.search(text)
        if found and found[1] != "2" and found[0] not in ("5.0.0", "4.0.0"):
            return found[1] == "5" and found[0] not in FOR_NOW and not _says_full(found[0], reason)
    if status.startswith("4"):
        return False
    reply = REPLY.search(reason)
    return not FULL.search(reason) and (reply is None or reply[1] == "5")


def _says_full(status: str, reason: str) -> bool:
    """Believe words against a vague code: servers say "mailbox full" with 5.0.0, 5.7.1 and 5.5.0 too."""
    return not status.startswith("5.1.") and bool(FULL.search(reason))


def is_full(words: str) -> bool:
    return bool(FULL.search(words[:20_000]))


def sounds_hard(words: str) -> bool:
    """Tell from the words of a notice whether it is about a failure for good; in doubt it is not."""
    said = words[:20_000]
    status, reply = STATUS.search(said), REPLY.search(said)
    if is_full(said) or status and status[0] in FOR_NOW:
        return False
    if status and status[1] != "2":
        return status[1] == "5"
    if reply:
        return reply[1] == "5"
    return bool(GONE.search(said)) and not WAITING.search(said)
