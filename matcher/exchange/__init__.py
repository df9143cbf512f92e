"""The verbs of partners: what a person can do by mail or on a page. Light: web and jobs both use them."""

from matcher.exchange.answering import answer, relay, tell_poster
from matcher.exchange.bouncing import arrived, mail_again, probe, returned
from matcher.exchange.choosing import choose, choose_none, read_on_page
from matcher.exchange.closing import extend, forget_past_days, withdraw
from matcher.exchange.confirming import ask_once_more
from matcher.exchange.ending import give_notice, lapse
from matcher.exchange.erasing import Erased, erase
from matcher.exchange.joining import (
    Application,
    confirm_profile,
    correct_profile,
    edit_profile,
    join,
    leave,
    pause,
    resume,
)
from matcher.exchange.outcomes import ask_for_outcomes, confirm_outcome, dispute_outcome, record_outcome
from matcher.exchange.pausing import back_on, resume_digests
from matcher.exchange.publishing import Submission, confirm, correct, correct_form, publish
from matcher.exchange.receiving import apologise, keep, receive, release
from matcher.exchange.standing import Standing, ask_why_not, may_ask, standing
from matcher.exchange.subscribing import remind, request_link, set_digest, unsubscribe
from matcher.wording import Said

__all__ = [
    "Application",
    "Erased",
    "Said",
    "Standing",
    "Submission",
    "answer",
    "apologise",
    "arrived",
    "ask_for_outcomes",
    "ask_once_more",
    "ask_why_not",
    "back_on",
    "choose",
    "choose_none",
    "confirm",
    "confirm_outcome",
    "confirm_profile",
    "correct",
    "correct_form",
    "correct_profile",
    "dispute_outcome",
    "edit_profile",
    "erase",
    "extend",
    "forget_past_days",
    "give_notice",
    "join",
    "keep",
    "lapse",
    "leave",
    "mail_again",
    "may_ask",
    "pause",
    "probe",
    "publish",
    "read_on_page",
    "receive",
    "record_outcome",
    "relay",
    "release",
    "remind",
    "request_link",
    "resume",
    "resume_digests",
    "returned",
    "set_digest",
    "standing",
    "tell_poster",
    "unsubscribe",
    "withdraw",
]
