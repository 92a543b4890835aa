"""The schema, as functions that are only ever appended: a store of any age is brought up to date."""

from __future__ import annotations

from collections.abc import Callable

import apsw


def _entries(connection: apsw.Connection) -> None:
    """Format 1: entries, their keys, a word index, and the ledger."""
    connection.execute(
        """
        CREATE TABLE entries (
            number INTEGER PRIMARY KEY,
            namespace TEXT NOT NULL,
            id TEXT NOT NULL,
            session TEXT NOT NULL,
            position INTEGER NOT NULL,
            layers TEXT NOT NULL,
            codec TEXT NOT NULL,
            role TEXT NOT NULL,
            text TEXT NOT NULL,
            token_ids BLOB NOT NULL,
            metadata TEXT NOT NULL,
            relevance_score REAL NOT NULL,
            created REAL NOT NULL,
            access_count INTEGER NOT NULL,
            last_access REAL NOT NULL,
            pinned INTEGER NOT NULL,
            fingerprint TEXT NOT NULL,
            read_length INTEGER NOT NULL,
            payload TEXT,
            payload_bytes INTEGER NOT NULL,
            key_dtype TEXT,
            key_shape TEXT,
            key_digest TEXT,
            digest TEXT NOT NULL,
            UNIQUE (namespace, id)
        ) STRICT;
        CREATE INDEX entries_by_session ON entries (namespace, session, position, number);
        CREATE INDEX entries_by_age ON entries (namespace, created, number);
        CREATE INDEX entries_by_payload ON entries (namespace, payload);

        CREATE TABLE keys (
            number INTEGER PRIMARY KEY REFERENCES entries (number) ON DELETE CASCADE,
            state BLOB NOT NULL
        ) STRICT;

        CREATE VIRTUAL TABLE lexicon USING fts5 (
            text, content = 'entries', content_rowid = 'number',
            tokenize = 'porter unicode61 remove_diacritics 2'
        );
        -- Deleted words leave the index at once, not at some later merge.
        INSERT INTO lexicon (lexicon, rank) VALUES ('secure-delete', 1);
        CREATE TRIGGER lexicon_insert AFTER INSERT ON entries BEGIN
            INSERT INTO lexicon (rowid, text) VALUES (new.number, new.text);
        END;
        CREATE TRIGGER lexicon_delete AFTER DELETE ON entries BEGIN
            INSERT INTO lexicon (lexicon, rowid, text) VALUES ('delete', old.number, old.text);
        END;
        CREATE TRIGGER lexicon_update AFTER UPDATE OF text ON entries BEGIN
            INSERT INTO lexicon (lexicon, rowid, text) VALUES ('delete', old.number, old.text);
            INSERT INTO lexicon (rowid, text) VALUES (new.number, new.text);
        END;

        CREATE TABLE namespaces (
            namespace TEXT PRIMARY KEY,
            generation INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE notes (
            namespace TEXT NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (namespace, key)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE events (
            number INTEGER PRIMARY KEY,
            namespace TEXT NOT NULL,
            entry_id TEXT NOT NULL,
            what TEXT NOT NULL,
            at REAL NOT NULL,
            detail TEXT NOT NULL
        ) STRICT;
        CREATE INDEX events_by_entry ON events (namespace, entry_id, number);
        """
    )


def _lifecycle(connection: apsw.Connection) -> None:
    """Format 2: labels, origin, time to live, validity and tier of an entry."""
    connection.execute(
        """
        ALTER TABLE entries ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
        ALTER TABLE entries ADD COLUMN source TEXT NOT NULL DEFAULT '';
        ALTER TABLE entries ADD COLUMN trust TEXT NOT NULL DEFAULT 'user';
        ALTER TABLE entries ADD COLUMN expires_at REAL;
        ALTER TABLE entries ADD COLUMN ttl_seconds REAL;
        ALTER TABLE entries ADD COLUMN valid_until REAL;
        ALTER TABLE entries ADD COLUMN superseded_by TEXT NOT NULL DEFAULT '';
        ALTER TABLE entries ADD COLUMN tier TEXT NOT NULL DEFAULT 'recent';
        CREATE INDEX entries_by_expiry ON entries (expires_at) WHERE expires_at IS NOT NULL;
        """
    )


MIGRATIONS: list[Callable[[apsw.Connection], None]] = [_entries, _lifecycle]
FORMAT = len(MIGRATIONS)


def migrate(connection: apsw.Connection, application_id: int) -> None:
    """Run the migrations that the database has not seen, all of them or none."""
    if connection.pragma("user_version") == FORMAT:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have migrated while this one waited for the lock.
        seen = connection.pragma("user_version")
        for version, migration in enumerate(MIGRATIONS[seen:], start=seen + 1):
            migration(connection)
            connection.execute(f"PRAGMA user_version = {version}")
        connection.execute(f"PRAGMA application_id = {application_id}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite has rolled back by itself when the disk is full
            connection.execute("ROLLBACK")
        raise
