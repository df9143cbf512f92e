"""What a poster or an asked partner typed → checked fields, each with the sentence that says what to do."""

import re
import secrets
from collections.abc import Callable

from flask_wtf import FlaskForm
from wtforms import (
    Field,
    Form,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired

from matcher.inbound.amounts import ForeignCurrency, amounts_eur
from matcher.posting import check_posting
from web.wording import cleaned

MAX_FACT = 200
MAX_WORDS = 5_000  # of a note, a question or a correction
ADDRESS = re.compile(r"[^\s@<>\"(),:;]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}", re.IGNORECASE)

Check = Callable[[Form, Field], None]


def tidy(text: str | None) -> str:
    """Drop the blank ends and the characters that no text needs; the database takes no NUL at all."""
    return cleaned(text or "").strip()


def at_most(n_chars: int, *, instead: str) -> Check:
    """Refuse a longer text in words."""

    def check(_: Form, field: Field) -> None:
        if len(field.data) > n_chars:
            raise ValidationError(
                f"{field.label.text} {len(field.data):,} characters are too many; at most {n_chars:,} fit. {instead}"
            )

    return check


def filled(sentence: str) -> Check:
    """Refuse an empty text with a sentence of its own."""

    def check(_: Form, field: Field) -> None:
        if not field.data:
            raise ValidationError(sentence)

    check.field_flags = {"required": True}  # type: ignore[attr-defined]
    return check


def an_address(_: Form, field: Field) -> None:
    """Refuse what cannot be a mail address."""
    if field.data and not ADDRESS.fullmatch(field.data):
        raise ValidationError(
            f"Your address: “{field.data[:80]}” is not a mail address. Write it like anna@firm.example."
        )


def a_posting(_: Form, field: Field) -> None:
    """Refuse a posting that nobody could answer."""
    sentence = check_posting(field.data)
    if sentence:
        raise ValidationError(sentence)


a_posting.field_flags = {"required": True}  # type: ignore[attr-defined]


def fact(label: str) -> StringField:
    return StringField(label, [at_most(MAX_FACT, instead="Put the rest into the text above.")], filters=[tidy])


def words(label: str, *checks: Check) -> TextAreaField:
    """Make a box for a few sentences."""
    return TextAreaField(label, [*checks, at_most(MAX_WORDS, instead="Shorten it.")], filters=[tidy])


class PostForm(FlaskForm):
    """One text and four facts."""

    nonce = HiddenField(default=lambda: secrets.token_urlsafe(12), filters=[tidy])
    text = TextAreaField("What do you need?", [a_posting], filters=[tidy])
    due = fact("By when?")
    place = fact("Where?")
    pays = fact("Who pays whom?")
    email = StringField(
        "Your address", [filled("Your address: it is empty. Write the one that letters should go to."), an_address],
        filters=[tidy],
    )  # fmt: skip


class CorrectForm(FlaskForm):
    """What was read wrong, in the poster's words."""

    text = words(
        "What is missing or should be different?",
        filled("Write what should be different, for example: it is 40 people."),
    )


class ConfirmForm(FlaskForm):
    """A yes to one reading; a newer reading has another number."""

    reading = HiddenField(filters=[tidy])

    @property
    def number(self) -> int:
        """Return the number of the reading; -1 for a form that names none."""
        return int(self.reading.data) if re.fullmatch("[0-9]{1,6}", self.reading.data or "") else -1


class ExtendForm(FlaskForm):
    """A month more than the last day that the page showed."""

    until = HiddenField(filters=[tidy])


class ChooseForm(FlaskForm):
    """The numbers of the partners that the poster would like to meet, and of all that its page showed."""

    shown = HiddenField(filters=[tidy])
    numbers = SelectMultipleField("Whom would you like to meet?", coerce=int, validate_choice=False)

    def validate_numbers(self, field: Field) -> None:
        if not field.data:
            raise ValidationError("Nobody is ticked. Tick the partners to meet, or press “None of these”.")

    def numbers_shown(self) -> list[int] | None:
        """Read which numbers the page showed; None for a page that did not say so."""
        return [int(each) for each in re.findall(r"(?<!\S)[0-9]{1,6}(?!\S)", self.shown.data)] or None


class QuestionForm(FlaskForm):
    """A question to the other side."""

    text = words("Your question", filled("Your question is empty. Write what you would like to know."))


class ReplyForm(FlaskForm):
    """An answer to a question of the other side, with the number of the step that asked it."""

    question = HiddenField(filters=[tidy])
    text = words("Your answer", filled("Your answer is empty. Write it in your own words."))


class NoteForm(FlaskForm):
    """Words that may go with a yes, a no or a later."""

    text = words("A line to go with it")


class OutcomeForm(FlaskForm):
    """What came of an introduction, as one side tells it."""

    result = RadioField(
        "What came of it?", [InputRequired("Choose one: won, or lost.")], choices=["won", "lost"],
        validate_choice=False,
    )  # fmt: skip
    revenue = StringField("What was the work worth, in euros?", filters=[tidy])

    def validate_result(self, field: Field) -> None:
        if field.data not in ("won", "lost"):
            raise ValidationError(f"“{str(field.data)[:40]}” is no outcome. Choose won, or lost.")

    def validate_revenue(self, field: Field) -> None:
        self.revenue_eur = _whole_euros(field.data) if self.result.data == "won" and field.data else 0


class AgreeForm(FlaskForm):
    """A yes to the other side's report, with what the page said of it."""

    result = HiddenField(filters=[tidy])
    revenue = HiddenField(filters=[tidy])


class DisputeForm(FlaskForm):
    """What is different from what the other side reported, with what the page said of it."""

    result = HiddenField(filters=[tidy])
    revenue = HiddenField(filters=[tidy])
    text = words("What is different?", filled("Write what is different, for example: it was 9000."))


def _whole_euros(text: str) -> int:
    try:
        found = amounts_eur(text)
    except ForeignCurrency:
        raise ValidationError(f"Worth: “{text[:40]}” is not in euros. Write the sum in euros, like 12000.") from None
    if len(found) != 1:
        raise ValidationError(f"Worth: “{text[:40]}” could not be read as a sum. Write it like 12000.")
    return found[0]
