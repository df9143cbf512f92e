"""What is typed into the local mailbox → checked fields."""

from flask_wtf import FlaskForm
from wtforms import EmailField, Field, Form, StringField, TextAreaField, ValidationError

from web.forms import ADDRESS, Check, at_most, filled, tidy
from web.local_mail import Written

MAX_LINE = 300
MAX_MAIL = 250_000  # room for somebody who tries what happens to a posting that is far too long


def mail_address(name: str) -> Check:
    """Refuse what no server could deliver to."""

    def check(_: Form, field: Field) -> None:
        if not (ADDRESS.fullmatch(field.data) and field.data.isascii()):
            raise ValidationError(f"{name}: “{field.data[:80]}” is not a mail address. Write it like ana@firm.example.")

    return check


class ReplyForm(FlaskForm):
    """An answer to one letter."""

    to = StringField("To", [filled("To: it is empty. Write an address."), mail_address("To")], filters=[tidy])
    subject = StringField("Subject", [at_most(MAX_LINE, instead="Shorten it.")], filters=[tidy])
    text = TextAreaField("Your words", [at_most(MAX_MAIL, instead="Shorten it.")], filters=[tidy])

    def written(self, *, name: str, address: str) -> Written:
        return Written(name, address, self.to.data, self.subject.data, self.text.data)


class WriteForm(ReplyForm):
    """A mail of one's own; the sender may be anybody, known or new."""

    name = StringField("Your name", [at_most(MAX_LINE, instead="Shorten it.")], filters=[tidy])
    sender = EmailField(
        "From", [filled("From: it is empty. Write the address it comes from."), mail_address("From")], filters=[tidy]
    )
