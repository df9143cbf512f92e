"""Links and tokened addresses: what each leads to, and until when."""

from dataclasses import replace
from datetime import timedelta

import pytest

from matcher.tokens import TokenRefused, unseal
from tests.web.sample_letters import SETTINGS, TODAY
from web.links import Links, pair_number, side_of


def test_a_sign_in_link_works_today_and_tomorrow_and_no_longer():
    token = Links(SETTINGS, TODAY).sign_in(41).rpartition("/")[2]
    assert unseal(SETTINGS.secret_key, "sign-in", token, today=TODAY + timedelta(days=1)) == 41
    with pytest.raises(TokenRefused):
        unseal(SETTINGS.secret_key, "sign-in", token, today=TODAY + timedelta(days=2))


def test_the_two_sides_of_an_introduction_have_different_links():
    poster, partner = (Links(SETTINGS, TODAY).introduction(901, side) for side in ("poster", "partner"))
    assert poster.split("/")[4] != partner.split("/")[4]
    assert [side_of(pair_number(901, side)) for side in ("poster", "partner")] == [(901, "poster"), (901, "partner")]


def test_a_prefilled_reply_survives_any_words_and_does_not_pile_up_reply_marks():
    link = Links(SETTINGS, TODAY).reply_by_mail(7001, "Re: Notes & Domino", body="1 no: 50% & später?")
    assert link.endswith("?subject=Re%3A%20Notes%20%26%20Domino&body=1%20no%3A%2050%25%20%26%20sp%C3%A4ter%3F")


def test_a_link_stands_under_the_base_url_with_or_without_a_slash_at_its_end():
    settings = replace(SETTINGS, base_url="https://counterpart.example/")
    assert Links(settings, TODAY).held(9) == Links(SETTINGS, TODAY).held(9)
