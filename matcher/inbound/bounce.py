"""A message that says an earlier one did not arrive, or was unwelcome, to whom it failed and whether for good."""

import logging
import re
from collections.abc import Set
from dataclasses import dataclass
from email.message import Message

from flufl.bounce import all_failures

from matcher.inbound.message import addresses, bare, content_type, decode_bytes, header, parameter, parts

DAEMON = re.compile(
    r"mailer-?daemon|postmaster|mail[- .]?deliver|delivery[- .]?subsystem|system administrator|mdaemon|\bndr\b", re.I
)
FAILURE_SUBJECT = re.compile(
    r"undeliver|not\s+(?:be(?:en)?\s+)?deliver|deliver\w*\s+(?:status|fail|report|problem|error|has)"
    r"|(?:delivery|mail)\b.{0,20}\bfail"
    r"|fail(?:ed|ure)\b.{0,12}\b(?:deliver|mail|notice)|returned\s+(?:mail|message|to)|non-?delivery"
    r"|mail\s+(?:system\s+)?error"
    r"|message\s+delayed|delayed\s+mail|bounced?\s+(?:mail|message)|processing error|user unknown"
    r"|mail delivery|delivery\s+failed"
    r"|email bounce|unzustellbar|nicht\s+zugestellt|non remis|non distribu|no se (?:ha )?(?:podido )?entreg"
    r"|mancato recapito"
    r"|impossibile recapitare|niet\s+(?:worden\s+)?bezorgd|onbestelbaar|nie dostarczon|niedostarczon|não foi entregue"
    r"|kunde inte levereras|недоставлен|не доставлен",
    re.I,
)
STATUS = re.compile(r"(?<![\d.])([245])\.\d{1,3}\.\d{1,3}(?![\d.])")
NOBODY = "nobody@invalid"  # some detectors fail on a message without a sender
FOUND_ACTIONS = ("delivered", "relayed", "expanded")


@dataclass(frozen=True, slots=True)
class Failure:
    """Who was not reached, whether for good, and the reason in the remote server's words."""

    failed: tuple[str, ...] = ()
    hard: bool = False
    reason: str = ""


def is_complaint(message: Message) -> bool:
    if parameter(message, "report-type") == "feedback-report":
        return True
    return any(content_type(part) == "message/feedback-report" for part in parts(message, into_attached=False))


def is_null_sender(message: Message, envelope_from: str | None) -> bool:
    """Tell whether the envelope sender is empty, as the envelope or else the Return-Path says."""
    if envelope_from is not None:
        return not bare(envelope_from)
    return "Return-Path" in message and not bare(header(message, "Return-Path"))


def is_report(message: Message) -> bool:
    return content_type(message) == "multipart/report" and parameter(message, "report-type") in ("delivery-status", "")


def is_daemon(message: Message) -> bool:
    senders = " ".join(header(message, name) for name in ("From", "Sender"))
    return bool(DAEMON.search(senders[:500]))


def has_sender(message: Message) -> bool:
    return bool(addresses(message, "From"))


def is_from_system(message: Message, envelope_from: str | None) -> bool:
    """Tell whether the outside of a message says that a mail system wrote it."""
    return is_report(message) or is_null_sender(message, envelope_from) or is_daemon(message) or not has_sender(message)


def has_failure_subject(message: Message) -> bool:
    """Tell whether the subject speaks of a failed delivery, as people's subjects sometimes do too."""
    return bool(FAILURE_SUBJECT.search(header(message, "Subject")[:500]))


def failure(message: Message) -> Failure:
    """Read who failed; when some failed for good and others for now, only the former are named."""
    fields = _report_fields(message)
    reported = _reported(fields)
    if reported.failed:
        return reported
    temporary, permanent = _scan(message)
    if permanent:
        return Failure(permanent, _hard(fields, True), _reason(fields))
    hard = bool(temporary) and _hard(fields, False)
    return Failure(temporary, hard, _reason(fields) or header(message, "Subject")[:200])


def _scan(message: Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    try:
        temporary, permanent = all_failures(message if has_sender(message) else _with_sender(message))
    except Exception as error:  # noqa: BLE001 - thirty pattern detectors over hostile bytes; one that breaks finds nothing
        logging.getLogger(__name__).warning("bounce detectors gave up: %s: %s", type(error).__name__, error)
        return (), ()
    return _bare_all(temporary), _bare_all(permanent)


def _with_sender(message: Message) -> Message:
    copied: Message = Message()
    for name, value in message.raw_items():
        if name.lower() != "from":
            copied.set_raw(name, value)
    copied["From"] = NOBODY
    copied.set_payload(message.get_payload())
    return copied


def _bare_all(found: Set[bytes]) -> tuple[str, ...]:
    return tuple(sorted({bare(decode_bytes(one, "")) for one in found} - {""}))


def _report_fields(message: Message) -> list[dict[str, str]]:
    return _blocks(message, "message/delivery-status") + _blocks(message, "message/global-delivery-status")


def _blocks(message: Message, kind: str) -> list[dict[str, str]]:
    reports = [part for part in parts(message) if content_type(part) == kind]
    return [_fields(inner) for part in reports for inner in part.get_payload() or () if isinstance(inner, Message)]


def _fields(part: Message) -> dict[str, str]:
    return {name.lower(): " ".join(str(value).split()) for name, value in part.raw_items()}


def _reported(blocks: list[dict[str, str]]) -> Failure:
    about = [one for one in blocks if one.get("final-recipient") or one.get("original-recipient")]
    failed = [one for one in about if one.get("action", "failed").lower().split(" ")[0] not in FOUND_ACTIONS]
    final = [one for one in failed if _is_final(one)] or failed
    names = tuple(dict.fromkeys(name for name in map(_recipient, final) if name))
    return Failure(names, bool(names) and _is_final(final[0]), _reason(final))


def _recipient(block: dict[str, str]) -> str:
    value = block.get("original-recipient") or block.get("final-recipient") or ""
    found = re.search(r"[^\s;<>\"]+@[^\s;<>\"]+", value)
    return bare(found[0]) if found else ""


def _is_final(block: dict[str, str]) -> bool:
    if block.get("action", "").lower().startswith("delay"):
        return False
    status = STATUS.search(block.get("status", ""))
    return status is None or status[1] != "4"


def _hard(blocks: list[dict[str, str]], default: bool) -> bool:
    about = [one for one in blocks if one.get("status") or one.get("action")]
    return _is_final(about[0]) if about else default


def _reason(blocks: list[dict[str, str]]) -> str:
    for one in blocks:
        text = one.get("diagnostic-code") or one.get("status") or ""
        if text:
            return " ".join(text.split())[:300]
    return ""


def is_receipt(message: Message) -> bool:
    """Tell a report that something arrived or was read from one that it did not."""
    read = [one.get("disposition", "").lower() for one in _blocks(message, "message/disposition-notification")]
    if any("displayed" in one for one in read):
        return True
    actions = [one["action"].lower() for one in _report_fields(message) if "action" in one]
    return bool(actions) and all(one.startswith(FOUND_ACTIONS) for one in actions)


def complaint(message: Message) -> Failure:
    """Read the addresses that an abuse report names."""
    blocks = _blocks(message, "message/feedback-report")
    named = [bare(one.get(name, "")) for one in blocks for name in ("original-rcpt-to", "removal-recipient")]
    kinds = [one["feedback-type"] for one in blocks if "feedback-type" in one]
    return Failure(tuple(dict.fromkeys(one for one in named if "@" in one)), True, (kinds or [""])[0][:80])
