"""Where the tests find free ports and databases."""

import socket
from urllib.parse import urlsplit, urlunsplit

import psycopg

ALONE = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"
EMPTY = """
DO $$
DECLARE each text; filled boolean;
BEGIN
    SET LOCAL session_replication_role = replica;  -- no foreign key asks for an order
    FOR each IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', each) INTO filled;
        IF filled THEN EXECUTE format('DELETE FROM %I', each); END IF;
    END LOOP;
    PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
        FROM pg_sequences WHERE last_value IS NOT NULL;
END $$;
"""
HURRY = ("fsync", "full_page_writes", "synchronous_commit")


def free_port() -> int:
    """Return a port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def database_url(server: str, name: str) -> str:
    """Return the URL of another database of the same server."""
    parts = urlsplit(server)
    return urlunsplit(parts._replace(path=f"/{name}"))


def empty(url: str) -> None:
    """Take every row out of a database, and whoever is still connected: far quicker than to make a new one."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(ALONE, [connection.info.backend_pid])
        connection.execute(EMPTY)


def hurry(server: str) -> str:
    """Let a server of tests not wait for its disk; nothing in it is worth a crash."""
    with psycopg.connect(server, autocommit=True) as connection:
        for name in HURRY:
            connection.execute(f"ALTER SYSTEM SET {name} = off")
        connection.execute("SELECT pg_reload_conf()")
    return server
