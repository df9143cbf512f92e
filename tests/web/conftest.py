"""What all tests of pages share: a market to visit, a visitor and a firm to visit as, and no limit on how often."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.web.market import Market
from tests.web.visiting import Visitor, firm
from web import limiter
from web.settings import Settings


@pytest.fixture
def market(engine: Engine, settings: Settings) -> Market:
    return Market(engine, settings)


@pytest.fixture(autouse=True)
def _no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", False)


@pytest.fixture
def visitor(client: FlaskClient) -> Visitor:
    return Visitor(client)


@pytest.fixture
def quay(engine: Engine) -> int:
    return firm(engine, "Quay Nets", "ana@quay.example", country="IE", sources={"country": "your form of 2026-11-02"})
