"""Settings → what the reader of inbound mail must know of its surroundings."""

from matcher.exchange.receiving import Post
from web.settings import Settings


def post_of(settings: Settings) -> Post:
    """Make the value that `receive` and `release` need."""
    return Post(
        secret=settings.secret_key,
        domain=settings.inbound_domain,
        authserv_id=settings.trusted_authserv_id,
        digest_hour=settings.digest_hour,
        mail_from=settings.mail_from,
    )
