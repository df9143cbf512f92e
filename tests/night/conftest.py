"""What the tests of a night share: the ground to work on, in shards of three."""

import pytest

from jobs import night as job
from jobs.ground import Ground, ground_on
from matcher import night
from tests.factories import NOW
from web import create_app
from web.settings import Settings


@pytest.fixture
def g(settings: Settings) -> Ground:
    return ground_on(create_app(settings))


@pytest.fixture(autouse=True)
def _small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(night, "CONTACTS_AT_ONCE", 3)
    monkeypatch.setattr(job, "now", lambda: NOW)
