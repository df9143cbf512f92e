"""The database named by the caller → migrations run on it, in one transaction each."""

from alembic import context
from sqlalchemy import create_engine

from matcher.models import Base


def ours(_object: object, name: str | None, *_: object) -> bool:
    """Leave the queue's own tables to the queue."""
    return not (name or "").startswith("procrastinate_")


def run() -> None:
    """Run the migrations over one connection that is closed at the end."""
    url = context.config.attributes["url"].replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_object=ours,
            compare_server_default=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
