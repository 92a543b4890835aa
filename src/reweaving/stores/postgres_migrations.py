"""PostgreSQL's schema, as functions that are only ever appended, and the guard of each namespace."""

from __future__ import annotations

from collections.abc import Callable

from psycopg import errors

from reweaving.errors import StoreError, StoreFormatError
from reweaving.stores.postgres_tables import (
    SCHEMA,
    Connection,
    belong_like,
    keep_out_of_statistics,
    milliseconds,
    partition,
)

DIMENSION = 256  # of the projected mean key; pgvector indexes up to 2,000
_LOCK = 0x434D5231  # advisory lock of whoever migrates, "CMR1"
_OLDEST_PGVECTOR = (0, 8)  # iterative index scans


def _entries(connection: Connection) -> None:
    """Format 1: entries, keys, payloads and the ledger; each partitioned by namespace and guarded."""
    connection.execute(
        f"""
        CREATE TABLE namespaces (
            namespace text COLLATE "C" NOT NULL,
            generation bigint NOT NULL DEFAULT 0,
            last_entry bigint NOT NULL DEFAULT 0,
            last_event bigint NOT NULL DEFAULT 0,
            PRIMARY KEY (namespace)
        ) PARTITION BY HASH (namespace);

        CREATE TABLE entries (
            namespace text COLLATE "C" NOT NULL,
            number bigint NOT NULL,
            id text COLLATE "C" NOT NULL,
            session text COLLATE "C" NOT NULL,
            position bigint NOT NULL,
            layers text NOT NULL,
            codec text NOT NULL,
            role text NOT NULL,
            text text NOT NULL,
            token_ids bytea NOT NULL,
            metadata text NOT NULL,
            relevance_score double precision NOT NULL,
            created double precision NOT NULL,
            access_count bigint NOT NULL,
            last_access double precision NOT NULL,
            pinned bigint NOT NULL,
            fingerprint text NOT NULL,
            read_length bigint NOT NULL,
            payload text COLLATE "C",
            payload_bytes bigint NOT NULL,
            key_dtype text,
            key_shape text,
            key_digest text,
            digest text NOT NULL,
            lexicon tsvector NOT NULL,
            PRIMARY KEY (namespace, id)
        ) PARTITION BY HASH (namespace);
        CREATE INDEX entries_by_session ON entries (namespace, session, position, number);
        CREATE INDEX entries_by_age ON entries (namespace, created, number);
        CREATE INDEX entries_by_payload ON entries (namespace, payload);

        CREATE TABLE keys (
            namespace text COLLATE "C" NOT NULL,
            id text COLLATE "C" NOT NULL,
            state bytea NOT NULL,
            embedding vector({DIMENSION}),
            PRIMARY KEY (namespace, id),
            FOREIGN KEY (namespace, id) REFERENCES entries ON DELETE CASCADE
        ) PARTITION BY HASH (namespace);

        CREATE TABLE payloads (
            namespace text COLLATE "C" NOT NULL,
            digest text COLLATE "C" NOT NULL,
            data bytea NOT NULL,
            PRIMARY KEY (namespace, digest)
        ) PARTITION BY HASH (namespace);

        CREATE TABLE notes (
            namespace text COLLATE "C" NOT NULL,
            key text COLLATE "C" NOT NULL,
            value text NOT NULL,
            PRIMARY KEY (namespace, key)
        ) PARTITION BY HASH (namespace);

        CREATE TABLE events (
            namespace text COLLATE "C" NOT NULL,
            number bigint NOT NULL,
            entry_id text COLLATE "C" NOT NULL,
            what text NOT NULL,
            at double precision NOT NULL,
            detail text NOT NULL,
            PRIMARY KEY (namespace, number)
        ) PARTITION BY HASH (namespace);
        CREATE INDEX events_by_entry ON events (namespace, entry_id, number);
        """
    )
    # States are noise to a compressor: stored out of line as they are.
    connection.execute("ALTER TABLE payloads ALTER data SET STORAGE EXTERNAL")
    connection.execute("ALTER TABLE keys ALTER state SET STORAGE EXTERNAL")
    for table in ("entries", "keys", "payloads", "namespaces", "notes", "events"):
        partition(connection, table)
    connection.execute(
        "CREATE INDEX keys_by_direction ON keys USING hnsw (embedding vector_cosine_ops)"
    )
    # The one thing that is not of a single namespace: their names, for whoever asks for them.
    connection.execute(
        "CREATE POLICY directory ON namespaces FOR SELECT "
        "USING (current_setting('reweaving.directory', true) = 'on')"
    )


def _lifecycle(connection: Connection) -> None:
    """Format 2: labels, origin, time to live, validity and tier of an entry."""
    connection.execute(
        """
        ALTER TABLE entries
            ADD tags text NOT NULL DEFAULT '[]',
            ADD source text NOT NULL DEFAULT '',
            ADD trust text NOT NULL DEFAULT 'user',
            ADD expires_at double precision,
            ADD ttl_seconds double precision,
            ADD valid_until double precision,
            ADD superseded_by text NOT NULL DEFAULT '',
            ADD tier text NOT NULL DEFAULT 'recent';
        CREATE INDEX entries_by_expiry ON entries (namespace, expires_at)
            WHERE expires_at IS NOT NULL;
        """
    )
    keep_out_of_statistics(connection, "entries")


def _encryption(connection: Connection) -> None:
    """Format 3: what an encrypted database keeps of its key; one row, of no namespace."""
    connection.execute("CREATE TABLE encryption (header text, swept boolean NOT NULL)")
    # Every writer compares it, also with a role to which nothing was granted since this format.
    connection.execute("GRANT SELECT ON encryption TO PUBLIC")


def _indexes(connection: Connection) -> None:
    """Format 4: the derived index of each namespace, in parts."""
    connection.execute(
        """
        CREATE TABLE indexes (
            namespace text COLLATE "C" NOT NULL,
            part bigint NOT NULL,
            data bytea NOT NULL,
            PRIMARY KEY (namespace, part)
        ) PARTITION BY HASH (namespace);
        ALTER TABLE indexes ALTER data SET STORAGE EXTERNAL;
        """
    )
    partition(connection, "indexes")
    belong_like(connection, "indexes", "keys")


MIGRATIONS: list[Callable[[Connection], None]] = [_entries, _lifecycle, _encryption, _indexes]
FORMAT = len(MIGRATIONS)


def migrate(connection: Connection, name: str, patience_seconds: float) -> None:
    """Run the migrations that the database has not seen, all of them or none.

    Row-level security binds the tables' owner as well: a later migration that reads or changes
    rows has to lift it (``NO FORCE ROW LEVEL SECURITY``) and set it again.

    Parameters
    ----------
    patience_seconds
        How long to wait for another process that migrates, and for readers of a table that changes.

    Raises
    ------
    StoreFormatError
        When the schema is something else's, or of a newer format.
    StoreError
        When pgvector is missing, or the role may not create tables.
    """
    if _version(connection, name) == FORMAT:
        return
    with connection.transaction():
        # What is read behind the lock has to be as new as the lock, whatever the role's default is.
        connection.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        connection.execute(
            "SELECT set_config('lock_timeout', %s, true)", (milliseconds(patience_seconds),)
        )
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        # Another process may have migrated while this one waited for the lock.
        seen = _version(connection, name)
        try:
            _prepare(connection, name, new=seen == 0)
            for migration in MIGRATIONS[seen:]:
                migration(connection)
            connection.execute("DELETE FROM format")
            connection.execute("INSERT INTO format VALUES (%s)", (FORMAT,))
        except errors.InsufficientPrivilege as error:
            raise StoreError(
                f"{name}: the role may not create or change the tables of a memory ({error}); open "
                f"it once as a role that owns the database or its schema {SCHEMA}"
            ) from error


def search_path(connection: Connection) -> str:
    """Where tables are looked up, and then pgvector's type and operators."""
    found = connection.execute(
        "SELECT quote_ident(nspname) FROM pg_extension "
        "JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'vector'"
    ).fetchone()
    return f"{SCHEMA}, {found[0]}" if found else SCHEMA


def _version(connection: Connection, name: str) -> int:
    """Format of the store in this database; 0 when there is none."""
    tables = {
        str(row[0])
        for row in connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s", (SCHEMA,)
        )
    }
    if tables and "format" not in tables:
        raise StoreFormatError(
            f"{name} has a schema {SCHEMA} that is no memory of this project; choose another database"
        )
    if not tables:
        return 0
    found = connection.execute(f"SELECT version FROM {SCHEMA}.format").fetchone()  # noqa: S608
    version = int(found[0]) if found else 0
    if version > FORMAT:
        raise StoreFormatError(
            f"{name} has format {version}, and this version of reweaving reads up to {FORMAT}; "
            "update with: pip install --upgrade reweaving"
        )
    return version


def _prepare(connection: Connection, name: str, new: bool) -> None:
    """pgvector, the schema and the table of the format; and look names up there."""
    _require_pgvector(connection, name)
    schema = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (SCHEMA,))
    if schema.fetchone() is None:
        connection.execute(f"CREATE SCHEMA {SCHEMA}")
    connection.execute("SELECT set_config('search_path', %s, true)", (search_path(connection),))
    if new:
        connection.execute("CREATE TABLE format (version integer NOT NULL)")


def _require_pgvector(connection: Connection, name: str) -> None:
    sql = "SELECT extversion FROM pg_extension WHERE extname = 'vector'"
    found = connection.execute(sql).fetchone()
    if found is None:
        try:
            with connection.transaction():
                connection.execute("CREATE EXTENSION vector")
        except (
            errors.InsufficientPrivilege,
            errors.FeatureNotSupported,
            errors.UndefinedFile,
        ) as error:
            raise StoreError(
                f"{name} has no pgvector, and it could not be added ({error}); install the package "
                "pgvector on the server, then as its superuser run: CREATE EXTENSION vector"
            ) from error
        found = connection.execute(sql).fetchone()
    version = str(found[0]) if found else "0"
    if tuple(int(part) for part in version.split(".")[:2]) < _OLDEST_PGVECTOR:
        raise StoreError(
            f"{name} has pgvector {version}, and {'.'.join(map(str, _OLDEST_PGVECTOR))} is needed; "
            "update the package on the server, then run: ALTER EXTENSION vector UPDATE"
        )
