"""A message that says an earlier one did not arrive, or was unwelcome, to whom it failed and whether for good."""

import re
from dataclasses import dataclass
from email.message import Message

from matcher.inbound import detectors, hardness, reports
from matcher.inbound.message import addresses, addresses_in, bare, content_type, header, parameter, parts
from matcher.inbound.notice import Notice, is_whole, not_reached, notice

ROBOT = re.compile(r"mailer[-_ ]?daemon|mail[- .]?deliver|delivery[- .]?subsystem|\bndr\b|mdaemon", re.I)
POSTMASTER = re.compile(r"post[_-]?master|system administrator", re.I)  # people write under these names too
FAILURE_SUBJECT = re.compile(
    r"undeliver|not\s+(?:be(?:en)?\s+)?(?:deliver|sent)|deliver\w*\s+(?:status|fail|report|problem|error|has)"
    r"|(?:delivery|mail)\b.{0,20}\bfail|fail(?:ed|ure)\b.{0,12}\b(?:deliver|mail|notice)"
    r"|returned\s+(?:mail|message|to)|non-?delivery|mail\s+(?:system\s+)?error|error sending your"
    r"|message\s+delayed|delayed\s+mail|bounced?\s+(?:mail|message)|processing error|user unknown|mail delivery"
    r"|email bounce|unzustellbar|nicht\s+(?:zu)?gestellt|zustellung\s+fehlgeschlagen|fehlgeschlagene zustellung"
    r"|non remis|non distribu|[ée]chec de (?:la )?(?:remise|distribution)|no se (?:ha )?(?:podido )?entreg"
    r"|(?:error|fallo) (?:en|de) (?:la )?entrega|no entregad|mancato recapito|mancata consegna"
    r"|impossibile (?:recapitare|consegnare)|niet\s+(?:worden\s+)?bezorgd|onbestelbaar|niet afgeleverd"
    r"|nie dostarczon|niedostarczon|n[ãa]o foi entregue|falha na entrega|n[ãa]o entregue|kunde inte levereras"
    r"|kunne ikke leveres|toimitus ep[äa]onnistui|nedoru[čc]iteln|iletilemedi|teslim edilemedi"
    r"|недоставлен|не доставлен|配信でき|配信不能|送信でき|エラー通知|戻り|退信|无法投递|無法傳遞|投递失败|반송",
    re.I,
)
FORWARDED = re.compile(r"^\s*(?:fwd?|wg|tr|rv|i|vs|enc|pd)\s*:", re.I)
REJECTED = re.compile(r"reject|refus|quota|could not be|abgelehnt|refus[ée]|rifiutat|rechazad", re.I)
NOTICE_WORDS = re.compile(
    r"deliver(?:ed|y)?\b.{0,40}\b(?:to|fail\w*|errors?|problems?)\b|did not reach|undeliver|(?:not"
    r"|couldn't) be (?:deliver|sent)"
    r"|no such (?:user|recipient|address)|user unknown|unknown (?:user|recipient)|(?:mailbox"
    r"|quota)\b.{0,20}\b(?:full|exceeded)"
    r"|(?:following|failed) (?:address|recipient)|invalid (?:user|recipient|address)|^\W{0,3}[45]\d\d[ -]",
    re.I | re.M,
)
ARRIVED = ("delivered", "relayed", "expanded")
COMPLAINTS = ("abuse", "fraud", "virus", "other", "opt-out", "opt-out-list", "miscategorized", "")


@dataclass(frozen=True, slots=True)
class Failure:
    """Who was not reached, whether all of them for good, and the reason in the remote server's words."""

    failed: tuple[str, ...] = ()
    hard: bool = False
    reason: str = ""


def is_feedback(message: Message) -> bool:
    """Tell a report about a message that arrived: unwanted, forged, or wrongly taken for spam."""
    if parameter(message, "report-type") == "feedback-report" or reports.HOTMAIL in message:
        return True
    if any(content_type(part) in reports.FEEDBACK for part in parts(message, into_attached=False)):
        return True
    return reports.is_from_amazon(message) and bool(reports.feedback(message, notice(message).text))


def is_null_sender(message: Message, envelope_from: str | None) -> bool:
    """Tell whether the envelope sender is empty, as the envelope or else the Return-Path says."""
    if envelope_from is not None:
        return not bare(envelope_from)
    return "Return-Path" in message and not bare(header(message, "Return-Path"))


def is_report(message: Message) -> bool:
    if content_type(message) == "multipart/report" and parameter(message, "report-type") in ("delivery-status", ""):
        return True
    if any(content_type(part) in reports.DELIVERY for part in parts(message, into_attached=False)):
        return True
    return reports.is_from_amazon(message) and bool(reports.about_recipients(message, notice(message).text))


def is_robot(message: Message) -> bool:
    """Tell a sender that is never a person."""
    return bool(ROBOT.search(_senders(message))) or "X-Failed-Recipients" in message


def _senders(message: Message) -> str:
    return " ".join(header(message, name) for name in ("From", "Sender"))[:500]


def has_sender(message: Message) -> bool:
    return bool(addresses(message, "From"))


def is_from_system(message: Message, envelope_from: str | None) -> bool:
    """Tell whether the outside of a message says that a mail system wrote it."""
    if is_report(message) or is_null_sender(message, envelope_from) or is_robot(message):
        return True
    if POSTMASTER.search(_senders(message)):
        return True
    return not has_sender(message)


def has_failure_subject(message: Message) -> bool:
    """Tell whether the subject speaks of a failed delivery, as people's subjects sometimes do too."""
    subject = header(message, "Subject")[:500]
    return bool(FAILURE_SUBJECT.search(subject)) and not FORWARDED.match(subject)


def reads_like_a_notice(message: Message) -> bool:
    return bool(NOTICE_WORDS.search(notice(message).text[:20_000]))


def failure(message: Message) -> Failure:
    """Read who failed: from the report where there is one, else from the words of the notice."""
    told = notice(message)
    reported = _reported(reports.about_recipients(message, told.text))
    return reported if reported.failed else _told(message, told)


def _reported(blocks: list[reports.Fields]) -> Failure:
    """Name everybody who was not reached; the failure is for good only when it is so for each of them."""
    failed = [one for one in blocks if not one.get("action", "failed").lower().startswith(ARRIVED)]
    names = tuple(dict.fromkeys(name for name in map(reports.recipient, failed) if name))
    return Failure(names, bool(names) and all(map(_is_hard, failed)), _reason(failed))


def _is_hard(block: reports.Fields) -> bool:
    return hardness.is_hard(
        action=block.get("action", ""), status=block.get("status", ""), reason=block.get("diagnostic-code", "")
    )


def _reason(blocks: list[reports.Fields]) -> str:
    for one in blocks:
        text = one.get("diagnostic-code") or one.get("status") or ""
        if text:
            return text[:300]
    return ""


def _told(message: Message, told: Notice) -> Failure:
    """Read a notice in words, with the detectors of flufl.bounce where they see more."""
    own = not_reached(message, told)
    seen = detectors.scan(message)
    ends = {address for _, address in addresses(message, "From", "To")}
    others = tuple(one for one in seen.temporary + seen.permanent if is_whole(one) and (one in own or one not in ends))
    names = _surer(own, others, told)
    hard = bool(seen.permanent) and not hardness.is_full(told.text) if seen else hardness.sounds_hard(told.text)
    return Failure(names, bool(names) and hard, _first_code(told) or header(message, "Subject")[:200])


def _surer(own: tuple[str, ...], seen: tuple[str, ...], told: Notice) -> tuple[str, ...]:
    """Prefer the detectors, unless what they see beyond our own reading stands only in the returned message."""
    beyond = set(seen) - set(own)
    if own and set(own) < set(seen) and not any(one in told.text.lower() for one in beyond):
        return own
    return own if not seen or set(seen) == set(own) else seen


def _first_code(told: Notice) -> str:
    for line in told.text.split("\n"):
        if hardness.STATUS.search(line) or hardness.REPLY.search(line):
            return " ".join(line.split())[:300]
    return ""


def is_receipt(message: Message) -> bool:
    """Tell a report that something arrived or was read from one that it did not."""
    read = [one.get("disposition", "").lower() for one in reports.blocks(message, reports.DISPOSITION)]
    if read:
        thrown_away = "automatic-action" in read[0] and "displayed" not in read[0]
        return not (thrown_away and REJECTED.search(header(message, "Subject") + notice(message).text[:5_000]))
    actions = [one["action"].lower() for one in reports.blocks(message, reports.DELIVERY) if "action" in one]
    return bool(actions) and all(one.startswith(ARRIVED) for one in actions)


def feedback(message: Message) -> tuple[Failure, bool]:
    """Read the addresses that a feedback report is about, and whether somebody complains."""
    told = notice(message)
    found = reports.feedback(message, told.text)
    kinds = [one["feedback-type"].lower() for one in found if "feedback-type" in one]
    kind = (kinds or [""])[0].strip()[:80]
    named = [one.get(name, "") for one in found for name in ("original-rcpt-to", "removal-recipient")]
    failed = tuple(addresses_in(" ".join(named))) or told.went_to
    return Failure(failed, True, kind), kind in COMPLAINTS
