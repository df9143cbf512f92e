"""Settings → the environment of a job that runs in a process of its own."""

import os

from web.settings import Settings


def environment_of(settings: Settings) -> dict[str, str]:
    """Name every setting that tests choose, and nothing of a `.env` that may lie about."""
    chosen = {
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
        "BASE_URL": settings.base_url,
        "MAIL_SERVER": settings.mail_server,
        "MAIL_PORT": str(settings.mail_port),
        "INBOUND_HOST": settings.inbound_host,
        "INBOUND_PORT": str(settings.inbound_port),
        "INBOUND_DOMAIN": settings.inbound_domain,
        "MAILBOX": str(int(settings.mailbox)),
        "COUNTERPART_FOLDER": str(settings.folder),
    }
    return os.environ | chosen
