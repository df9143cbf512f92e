"""What a partner typed about itself → checked facts, each with the sentence that says what to do."""

import re
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    Field,
    Form,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)  # fmt: skip
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, NumberRange, Optional, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from matcher.models import Partner
from matcher.posting.conditions import INDUSTRIES, find_clearances
from matcher.posting.gazetteer import COUNTRY_CODES
from matcher.posting.languages import CODE_OF
from matcher.posting.profile import check_profile
from matcher.terms.names import LANGUAGES, language_name, one_language
from matcher.wording import country_name
from web.forms import an_address, at_most, filled, tidy, words

LANGUAGE_CODE = re.compile(r"[a-z]{2}")
# 12000, 12.000, 12,000, 12'000, 12 000: one mark for all thousands.
WHOLE = r"(?P<whole>\d{1,3}(?P<mark>[.,'’\s])\d{3}(?:(?P=mark)\d{3})*|\d+)"
CLEARANCE = re.compile(r"[A-ZÄÖÜ0-9][A-ZÄÖÜ0-9 -]{0,39}")
CLEARED = re.compile(r"[ -]clear(?:ed|ances?)$", re.IGNORECASE)
MAX_NAME = 120
FACTS = (
    "name", "profile", "practices", "country", "city", "n_people", "founded", "languages", "industries",
    "jurisdictions", "clearances", "min_eur", "max_eur",
)  # fmt: skip
MAX_EUR = 1_000_000_000
TOO_MUCH = "That is too much to read. Write an amount up to 1,000,000,000."
COUNTRIES = sorted(
    (SelectChoice(code, country_name(code)) for code in set(COUNTRY_CODES.values())), key=lambda each: each.label
)
JURISDICTIONS = {name.casefold(): "UK" if code == "GB" else code for name, code in COUNTRY_CODES.items()}
JURISDICTIONS |= {code.casefold(): code for code in ("EU", "UK", *COUNTRY_CODES.values()) if code != "GB"}
LANGUAGE_CODES = CODE_OF | {name.casefold(): code for code, name in LANGUAGES.items()}
HOURS = [SelectChoice(str(hour), f"{hour}:00") for hour in range(20)]  # a later digest would wait for the next day
OFTEN = [
    SelectChoice("daily", "Every working day"),
    SelectChoice("weekly", "Once a week, on Mondays"),
    SelectChoice("paused", "Not for now"),
]


def a_profile(_: Form, field: Field) -> None:
    """Refuse words that say nothing of a firm."""
    sentence = check_profile(field.data)
    if sentence:
        raise ValidationError(sentence)


a_profile.field_flags = {"required": True}  # type: ignore[attr-defined]


class WholeField(IntegerField):
    """A whole number, however its thousands are marked; anything else is refused once, in words."""

    pattern = re.compile(rf"{WHOLE}", re.ASCII)
    widget = TextInput()  # of a box for numbers, browsers send "" for “2 500 EUR”: it would be forgotten, not refused

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data, written = None, tidy(valuelist[0] if valuelist else "")
        found = self.pattern.fullmatch(written)
        if written and not found:
            raise ValueError(f"{self.label.text}: “{written[:40]}” is not a whole number. Write it like 12000.")
        self.data = int(re.sub(r"\D", "", found["whole"])) if found else None

    def pre_validate(self, form: BaseForm) -> None:
        if self.process_errors:
            raise StopValidation


class EurosField(WholeField):
    """Whole euros; a sign may stand on either side, and cents are left out."""

    pattern = re.compile(rf"(?:€|EUR)?\s?{WHOLE}(?:[.,]\d\d)?\s?(?:€|EUR)?", re.ASCII | re.IGNORECASE)


class CommaField(StringField):
    """Several words in one line, with commas between them."""

    def _value(self) -> str:
        return ", ".join(self.data or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        parts = re.split(r"[,;\n]", valuelist[0] if valuelist else "")
        self.data = list(dict.fromkeys(part for each in parts if (part := tidy(each))))


class Boxes(SelectMultipleField):
    """Several of a list, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PressForm(FlaskForm):
    """One button and nothing to fill in."""


class AddressForm(FlaskForm):
    email = EmailField(
        "Your address",
        [filled("Your address: it is empty. Write the one at which our letters reach you."), an_address],
        filters=[tidy],
    )


class JoinForm(AddressForm):
    """A firm in one text; everything else is read from it."""

    firm = StringField(
        "Your firm",
        [filled("Your firm: it is empty. Write its name as your customers know it."), at_most(MAX_NAME, instead="")],
        filters=[tidy],
    )
    country = SelectField("Country", choices=[SelectChoice("", "Read it from my words"), *COUNTRIES], default="")
    text = TextAreaField("What do you do, and for whom?", [a_profile], filters=[tidy])


class CorrectionForm(FlaskForm):
    """What was read wrong, in the partner's words."""

    text = words(
        "What should be different?",
        filled(
            "Write what should be different, or what is missing, for example: we are 12 people, and we also do SAP."
        ),
    )


class TellForm(FlaskForm):
    """Something new of a firm's people, badges or size of work, in its own words."""

    text = words(
        "What is new?",
        filled("What is new: it is empty. Write it in your own words, for example: Beth is free from 5 January."),
    )


class DigestForm(FlaskForm):
    """How often a digest comes, and when."""

    digest = RadioField("How often?", [InputRequired("How often: nothing is chosen. Choose one.")], choices=OFTEN)
    hour = SelectField("At what hour?", [InputRequired()], choices=HOURS, coerce=int)


class FactsForm(FlaskForm):
    """Everything a partner can say of itself; its fields are named like the facts."""

    name = StringField(
        "Firm", [filled("Firm: it is empty. Write its name."), at_most(MAX_NAME, instead="")], filters=[tidy]
    )
    profile = TextAreaField("What you do, and for whom", [a_profile], filters=[tidy])
    practices = Boxes("What you sell")
    country = SelectField("Country")
    city = StringField("City", [at_most(MAX_NAME, instead="")], filters=[tidy])
    n_people = WholeField(
        "People", [Optional(), NumberRange(1, 1_000_000, "People: write a number from 1 to 1,000,000.")]
    )
    founded = WholeField("Founded", [Optional(), NumberRange(1800, 2100, "Founded: write a year, like 2009.")])
    languages = CommaField("Languages your people work in")
    industries = Boxes("Industries you know")
    jurisdictions = CommaField("Where you may hold customers’ data")
    clearances = CommaField("Clearances your people hold")
    min_eur = EurosField("Smallest work, in euros", [Optional(), NumberRange(0, MAX_EUR, TOO_MUCH)])
    max_eur = EurosField("Largest work, in euros", [Optional(), NumberRange(0, MAX_EUR, TOO_MUCH)])

    def validate_languages(self, field: Field) -> None:
        self.language_codes = list(dict.fromkeys(language_code(each) for each in field.data))

    def validate_jurisdictions(self, field: Field) -> None:
        self.jurisdiction_codes = list(dict.fromkeys(jurisdiction_code(each) for each in field.data))

    def validate_clearances(self, field: Field) -> None:
        for each in field.data:
            if not CLEARANCE.fullmatch(each.upper()):
                raise ValidationError(
                    f"Clearances: “{each[:40]}” is not the name of one. Write it like SC-UK or Ü2-DE."
                )

    def validate_max_eur(self, field: Field) -> None:
        if field.data and field.data < (self.min_eur.data or 0):
            raise ValidationError(f"Largest work: €{field.data:,} is less than the smallest. Change one of the two.")

    def facts(self) -> dict[str, Any]:
        """Return what was typed as a partner's columns, once the form was found in order."""
        return {name: self[name].data for name in FACTS} | {
            "languages": self.language_codes,
            "jurisdictions": self.jurisdiction_codes,
            "clearances": list(dict.fromkeys(one for each in self.clearances.data for one in clearance_tokens(each))),
            "min_eur": self.min_eur.data or 0,
            "max_eur": self.max_eur.data or 0,
        }


def facts_form(row: Partner, practices: list[SelectChoice]) -> FactsForm:
    """Make the form of a partner's facts, filled with what we know; what it has chosen before stays a choice."""
    known = {name: getattr(row, name) for name in FACTS} | {
        "languages": [language_name(code) for code in row.languages],
        "jurisdictions": [each if each in ("EU", "UK") else country_name(each) for each in row.jurisdictions],
        "min_eur": row.min_eur or None,
        "max_eur": row.max_eur or None,
    }
    form = FactsForm(data=known)
    form.practices.choices = _choices(practices, row.practices)
    form.industries.choices = _choices([SelectChoice(each) for each in sorted(INDUSTRIES)], row.industries)
    form.country.choices = _choices([SelectChoice("", "Not said"), *COUNTRIES], [row.country])
    return form


def language_code(named: str) -> str:
    """Read one language, by a name that postings call it by or its code. Raises `ValidationError`."""
    code = one_language(LANGUAGE_CODES.get(named.casefold(), named.casefold()))
    if not LANGUAGE_CODE.fullmatch(code):
        raise ValidationError(
            f"Languages: “{named[:40]}” is not known here. Write its English name or its two letters."
        )
    return code


def clearance_tokens(named: str) -> tuple[str, ...]:
    """Read one clearance as postings ask for it, "SC" and "DV cleared" too; one that we do not know as it is written.

    "Secret" is the name of another one in each country.
    """
    plain = CLEARED.sub("", named).upper()
    if "SECRET" in plain and "NATO" not in plain:
        return (named.upper(),)
    return find_clearances(plain) or find_clearances(f"{plain} cleared") or (named.upper(),)


def jurisdiction_code(named: str) -> str:
    """Read one place where data may lie. Raises `ValidationError`."""
    code = JURISDICTIONS.get(named.casefold())
    if code is None:
        raise ValidationError(f"Data: “{named[:40]}” is not a place we know. Write EU, UK or the name of a country.")
    return code


def _choices(offered: list[SelectChoice], chosen: list[str]) -> list[SelectChoice]:
    known = {each.value for each in offered}
    return [*offered, *(SelectChoice(each) for each in chosen if each not in known)]
