# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one door to the encrypted databases: keyed connections, and the database's complaints told as Trouble."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import sqlcipher3
import sqlcipher3.dbapi2

# sqlite-utils catches the exceptions of the module that it imported. It prefers one named pysqlite3, so SQLCipher goes
# by that name before sqlite-utils is imported for the first time; afterwards it would have no effect.
sys.modules["pysqlite3"] = sqlcipher3
sys.modules["pysqlite3.dbapi2"] = sqlcipher3.dbapi2

# sqlite-utils takes numpy where it is installed (for the words of pictures) only to store its numbers, of which a vault
# has none; it would be a third of the time that opening a vault takes.
_numpy = sys.modules.get("numpy")
if _numpy is None:
    sys.modules["numpy"] = None  # type: ignore[assignment]  # by this an import fails as if it were not installed
try:
    import sqlite_utils.utils
    from sqlite_utils import Database, Migrations
finally:
    if _numpy is None:
        del sys.modules["numpy"]

from imr_desktop.errors import Trouble  # noqa: E402
from imr_desktop.storage.files import copy_beside, disk_troubles, make_own, remove, sync  # noqa: E402
from imr_desktop.storage.keys import Key  # noqa: E402
from imr_desktop.storage.lock import already_open  # noqa: E402
from imr_desktop.storage.troubles import CannotWrite, DiskFull, NewerVault  # noqa: E402

__all__ = [
    "Database",
    "DatabaseError",
    "Migrations",
    "OperationalError",
    "bare",
    "complaints",
    "copy",
    "opened",
    "opens",
    "pages_sound",
    "refuse_damage",
    "sound",
    "troubles",
    "with_companions",
]

DatabaseError: Final[type[Exception]] = sqlcipher3.dbapi2.DatabaseError
OperationalError: Final[type[Exception]] = sqlcipher3.dbapi2.OperationalError

if sqlite_utils.utils.OperationalError is not OperationalError:
    raise RuntimeError("sqlite_utils was imported before imr_desktop.storage and does not sit on SQLCipher")

_BY_WORDS: Final[dict[str, int]] = {
    "database or disk is full": sqlcipher3.dbapi2.SQLITE_FULL,
    "disk I/O error": sqlcipher3.dbapi2.SQLITE_IOERR,
    "database disk image is malformed": sqlcipher3.dbapi2.SQLITE_CORRUPT,
    "file is not a database": sqlcipher3.dbapi2.SQLITE_NOTADB,
    "unable to open database file": sqlcipher3.dbapi2.SQLITE_CANTOPEN,
}

_PRAGMAS = (
    "PRAGMA temp_store = MEMORY",
    "PRAGMA secure_delete = ON",
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)


def _connect(path: Path, key: Key) -> Database:
    if len(key) != 32:
        raise ValueError("a database key has 32 bytes")
    connection = sqlcipher3.connect(str(path.absolute()), timeout=0)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        # A plain SQLite would ignore the key without a word and write everything in clear.
        if connection.execute("PRAGMA cipher_version").fetchone() is None:
            raise RuntimeError("the database library does not encrypt")
        for pragma in _PRAGMAS:
            connection.execute(pragma).fetchall()
        # SQLite gives its log the rights of the file.
        make_own(path)
        return Database(connection, execute_plugins=False)
    except BaseException:
        connection.close()
        raise


def opened(
    path: Path, key: Key, migrations: Migrations, damaged: Callable[[], Trouble], *, read_through: bool = True
) -> Database:
    """Open the file at ``path``, made if it is not there, and bring it to the present form.

    The connection belongs to this thread and keeps every other process out.
    A file with work in it is copied beside itself first (``<name>.before-<migration>``, encrypted as it is), and all
    that is pending runs in one transaction, whole or not at all. NewerVault if the file knows more than we do;
    ``damaged`` makes the Trouble for a file in which any page is not as it was written; without ``read_through`` that
    is found out when the page is needed, or by ``pages_sound``.
    """
    with troubles(damaged):
        return _migrated(path, key, migrations, damaged, read_through)


def _migrated(
    path: Path, key: Key, migrations: Migrations, damaged: Callable[[], Trouble], read_through: bool
) -> Database:
    there = path.exists()
    db = _connect(path, key)
    try:
        if there:
            # What a crash left in the log goes into the file first: without it the file may hold half a page.
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        if there and read_through:
            refuse_damage(db, damaged)
        applied = {migration.name for migration in migrations.applied(db)}
        if applied - _names(migrations):
            raise NewerVault("This vault was last used by a newer version of IMR Desktop.")
        pending = migrations.pending(db)
        if applied and pending and not read_through:
            refuse_damage(db, damaged)
        if applied and pending:
            # Closed meanwhile: reading an open database by another handle would release SQLite's locks on it.
            db.close()
            copy_beside(path, f"{path.name}.before-{pending[0].name}")
            db = _connect(path, key)
        if pending:
            with db.atomic():
                migrations.apply(db)
    except BaseException:
        db.close()
        raise
    return db


def copy(db: Database, path: Path, key: Key) -> None:
    """Write a consistent copy of an open database to a new file under ``key``, which may be another key than its own.

    Read back page by page before it counts; what fails leaves no file.
    """
    remove(*with_companions(path))
    try:
        target = sqlcipher3.connect(str(path.absolute()), timeout=0)
        try:
            target.execute("PRAGMA cipher_log_level = NONE")
            target.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            target.execute("PRAGMA synchronous = FULL")
            db.conn.backup(target)
            if target.execute("PRAGMA cipher_integrity_check").fetchone() is not None:
                raise CannotWrite("A copy of the database does not read as it was written.")
        finally:
            target.close()
        make_own(path)
        with disk_troubles():
            sync(path)
    except BaseException:
        remove(*with_companions(path))
        raise


def bare(path: Path, key: Key) -> Database:
    """A keyed connection that checks and migrates nothing; for reading what is damaged."""
    connection = sqlcipher3.connect(str(path.absolute()), timeout=0)
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    # A file that is shorter than its header says is read as far as it goes, which SQLite otherwise refuses.
    connection.execute("PRAGMA writable_schema = ON")
    # Text that is no longer text is to be judged, not to end the reading.
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    return Database(connection, execute_plugins=False)


def opens(path: Path, key: Key) -> bool:
    """Whether a database file at ``path`` opens with this key; changes nothing."""
    connection = sqlcipher3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, timeout=0)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("select count(*) from sqlite_master").fetchone()
    except DatabaseError:
        return False
    finally:
        connection.close()
    return True


def sound(path: Path, key: Key) -> bool:
    """Whether a closed database file opens with this key and reads through without a complaint; changes nothing."""
    if not opens(path, key):
        return False
    connection = sqlcipher3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, timeout=0)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        return not complaints(Database(connection, execute_plugins=False))
    except DatabaseError:
        return False
    finally:
        connection.close()


def pages_sound(path: Path, key: Key) -> bool:
    """Whether every page of a database file is as it was written, by its keyed checksum; from any thread.

    The file may be open meanwhile: it takes no lock, and SQLite closes no handle of a file on which it holds one. While
    the log is being written into the file it may say no without cause; ``refuse_damage`` has the last word.
    """
    connection = sqlcipher3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, timeout=0)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        return connection.execute("PRAGMA cipher_integrity_check").fetchone() is None
    except DatabaseError:
        return False
    finally:
        connection.close()


def refuse_damage(db: Database, damaged: Callable[[], Trouble]) -> None:
    """Raise the Trouble of a damaged file if any page of this open database is not as it was written."""
    if db.execute("PRAGMA cipher_integrity_check").fetchone() is not None:
        raise damaged()


def complaints(db: Database) -> list[str]:
    """What the database says of itself: pages whose checksum fails, broken trees, rows that point nowhere."""
    said = [str(row[0]) for row in db.execute("PRAGMA cipher_integrity_check").fetchall()]
    said += [str(row[0]) for row in db.execute("PRAGMA integrity_check").fetchall() if row[0] != "ok"]
    return said + [str(row) for row in db.execute("PRAGMA foreign_key_check").fetchall()]


def with_companions(path: Path) -> tuple[Path, ...]:
    """A database file and the files that SQLite keeps beside it."""
    return (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal")))


@contextlib.contextmanager
def troubles(damaged: Callable[[], Trouble]) -> Iterator[None]:
    """Tell the database's complaints about the world as Trouble; ``damaged`` makes the one for a damaged file."""
    try:
        yield
    except DatabaseError as error:
        # The backup call tells no code, only its words.
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF or _BY_WORDS.get(str(error), 0)
        trouble = _trouble(code, damaged)
        if trouble is None:
            raise
        raise trouble from error


def _trouble(code: int, damaged: Callable[[], Trouble]) -> Trouble | None:
    kinds = sqlcipher3.dbapi2
    if code == kinds.SQLITE_FULL:
        return DiskFull()
    if code in {kinds.SQLITE_CORRUPT, kinds.SQLITE_NOTADB}:
        return damaged()
    if code in {kinds.SQLITE_BUSY, kinds.SQLITE_LOCKED}:
        return already_open()
    if code in {kinds.SQLITE_IOERR, kinds.SQLITE_READONLY, kinds.SQLITE_CANTOPEN, kinds.SQLITE_PERM}:
        return CannotWrite("The vault's database could not be read or written.")
    return None


def _names(migrations: Migrations) -> set[str]:
    """All migrations of a set: what would be pending in an empty database."""
    with Database(memory=True, execute_plugins=False) as empty:
        return {migration.name for migration in migrations.pending(empty)}
