"""The proxy before the pages: what it tells is believed, and what it does not tell is missed once."""

from dataclasses import replace

import pytest
from flask import Flask
from structlog.testing import capture_logs

from web import create_app
from web.proxy import who_asks
from web.settings import Settings

TOLD = {"X-Forwarded-For": "203.0.113.7"}


@pytest.fixture
def over_tls(settings: Settings) -> Flask:
    return create_app(replace(settings, base_url="https://partners.example"))


def missed(app: Flask, *asked: tuple[str, dict[str, str]]) -> list[str]:
    """Ask for pages and return the warnings that this led to."""
    with capture_logs() as logged:
        for path, headers in asked:
            app.test_client().get(path, headers=headers)
    return [each["event"] for each in logged if each["log_level"] == "warning"]


def test_a_proxy_that_does_not_say_who_asks_is_missed_once(over_tls: Flask) -> None:
    (said,) = missed(over_tls, ("/how", {}), ("/how", {}), ("/post", {}))
    assert "X-Forwarded-For" in said


def test_what_this_machine_asks_by_itself_says_nothing_of_the_proxy(over_tls: Flask) -> None:
    assert missed(over_tls, ("/healthz", {}), ("/metrics", {}), ("/how", TOLD)) == []
    assert len(missed(over_tls, ("/how", {}))) == 1


def test_without_tls_no_proxy_is_missed(app: Flask) -> None:
    assert missed(app, ("/how", {})) == []


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:7:1::2", "2001:db8:7:1::/64"),
        ("2001:db8:7:1:ffff:1:2:3", "2001:db8:7:1::/64"),
        ("2001:db8:7:2::2", "2001:db8:7:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("unknown", "unknown"),
    ],
)
def test_a_household_with_a_network_of_addresses_has_one_limit(app: Flask, address: str, counted_as: str) -> None:
    with app.test_request_context("/post", environ_base={"REMOTE_ADDR": address}):
        assert who_asks() == counted_as
