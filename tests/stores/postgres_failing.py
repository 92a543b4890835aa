"""Servers that cannot rewrite a table: whoever does is cut off, or told that the disk is full."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

import psycopg
from psycopg import conninfo

from tests.stores.postgres_server import Server


@contextlib.contextmanager
def cut_off(server: Server, how: str) -> Iterator[None]:
    """Until it is left, whoever rewrites a table is cut off, by one of the server's functions."""
    over = threading.Event()
    sql = (
        f"SELECT {how}(pid) FROM pg_stat_activity WHERE query LIKE 'VACUUM (%' AND state = 'active'"
    )

    def cut() -> None:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            while not over.is_set():
                connection.execute(sql)
                time.sleep(0.005)

    thread = threading.Thread(target=cut)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextlib.contextmanager
def no_space(server: Server, url: str) -> Iterator[None]:
    """Until it is left, whoever rewrites the table of events is told that the disk is full."""
    database = str(conninfo.conninfo_to_dict(url)["dbname"])
    server.execute(
        "CREATE FUNCTION full_disk(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN "
        "IF current_query() LIKE 'VACUUM%' THEN RAISE 'no space' USING ERRCODE = 'disk_full'; "
        "END IF; RETURN $1; END $$",
        database,
    )
    server.execute("CREATE INDEX full_disk ON reweaving.events (full_disk(what))", database)
    try:
        yield
    finally:
        server.execute("DROP FUNCTION full_disk CASCADE", database)
