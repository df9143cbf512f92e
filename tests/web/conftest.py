"""What all tests of pages share: a market to visit, and no limit on how often."""

import pytest
from sqlalchemy import Engine

from tests.web.market import Market
from web import limiter
from web.settings import Settings


@pytest.fixture
def market(engine: Engine, settings: Settings) -> Market:
    return Market(engine, settings)


@pytest.fixture(autouse=True)
def _no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", False)
