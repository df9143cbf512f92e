"""The desk and the market of the exchange's tests, seen from outside."""

from tests.exchange.conftest import desk, market

__all__ = ["desk", "market"]
