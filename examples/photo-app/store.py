"""What the app keeps of its own, in one SQLite file: photos, what is attached to them, the webhooks it has heard."""

from __future__ import annotations

import sqlite3
import threading
import time
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS photos (id TEXT PRIMARY KEY, caption TEXT, file TEXT, added REAL);
CREATE TABLE IF NOT EXISTS extras (
  id TEXT PRIMARY KEY, photo TEXT, kind TEXT, words TEXT, x REAL, y REAL, added REAL, job TEXT DEFAULT '',
  stage TEXT DEFAULT 'asking', progress REAL, says TEXT DEFAULT '', file TEXT DEFAULT '', label TEXT DEFAULT '',
  looked REAL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS heard (id TEXT PRIMARY KEY);
"""


class Store:
    """The app's memory in ``folder``; pictures and videos lie in ``media`` beneath it."""

    def __init__(self, folder: Path) -> None:
        self.media = folder / "media"
        self.media.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(folder / "photos.db", check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._lock = threading.RLock()
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            yield self._db

    # -- photos ---------------------------------------------------------------------------------------------

    def photos(self) -> list[sqlite3.Row]:
        """All photos, newest first."""
        with self._open() as db:
            return db.execute("SELECT * FROM photos ORDER BY added DESC").fetchall()

    def photo(self, id: str) -> sqlite3.Row | None:
        """One photo, or ``None``."""
        with self._open() as db:
            found: sqlite3.Row | None = db.execute("SELECT * FROM photos WHERE id = ?", (id,)).fetchone()
            return found

    def add_photo(self, caption: str, file: str) -> str:
        """Keep a photo whose file is already in ``media``; returns its id."""
        name = uuid.uuid4().hex
        with self._open() as db:
            db.execute("INSERT INTO photos VALUES (?, ?, ?, ?)", (name, caption, file, time.time()))
        return name

    # -- what is attached to them ---------------------------------------------------------------------------

    def ask(self, id: str, photo: str, kind: str, words: str, x: float, y: float) -> sqlite3.Row:
        """Note down what somebody wants before Reelgate is asked. The same ``id`` again changes nothing."""
        with self._open() as db:
            db.execute(
                "INSERT OR IGNORE INTO extras (id, photo, kind, words, x, y, added) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (id, photo, kind, words, x, y, time.time()),
            )
            return self.one(id)

    def one(self, id: str) -> sqlite3.Row:
        """One reel or sticker; raises ``LookupError``."""
        with self._open() as db:
            row: sqlite3.Row | None = db.execute("SELECT * FROM extras WHERE id = ?", (id,)).fetchone()
            if row is None:
                raise LookupError(id)
            return row

    def extras(self, photo: str = "") -> list[sqlite3.Row]:
        """All reels and stickers, or those of one photo, oldest first."""
        with self._open() as db:
            where, what = ("WHERE photo = ?", (photo,)) if photo else ("", ())
            return db.execute(f"SELECT * FROM extras {where} ORDER BY added", what).fetchall()  # noqa: S608  no value

    def by_job(self, job: str) -> sqlite3.Row | None:
        """What a job of Reelgate was asked for, or ``None``: the job is somebody else's."""
        with self._open() as db:
            found: sqlite3.Row | None = db.execute("SELECT * FROM extras WHERE job = ?", (job,)).fetchone()
            return found

    def change(self, id: str, **values: object) -> None:
        """Write some of an extra's fields, unless it is over: late news never undoes an end."""
        names = ", ".join(f"{name} = ?" for name in values)
        with self._open() as db:
            db.execute(
                f"UPDATE extras SET {names} WHERE id = ? AND stage NOT IN ('done', 'refused', 'failed')",  # noqa: S608
                (*values.values(), id),
            )

    def place(self, id: str, x: float, y: float) -> None:
        """Move a sticker, finished or not."""
        with self._open() as db:
            db.execute("UPDATE extras SET x = ?, y = ? WHERE id = ?", (x, y, id))

    def may_look(self, id: str, every: float) -> bool:
        """True at most once in ``every`` seconds, however many pages ask."""
        now = time.time()
        with self._open() as db:
            looked = db.execute("UPDATE extras SET looked = ? WHERE id = ? AND looked <= ?", (now, id, now - every))
            return looked.rowcount == 1

    def remove(self, id: str) -> None:
        """Forget a reel or sticker, and its file; one that is not there is no error."""
        with self._open() as db:
            row = db.execute("DELETE FROM extras WHERE id = ? RETURNING file", (id,)).fetchone()
        if row is not None and row["file"]:
            (self.media / row["file"]).unlink(missing_ok=True)

    # -- webhooks -------------------------------------------------------------------------------------------

    def heard(self, id: str) -> bool:
        """Has this webhook been acted on?"""
        with self._open() as db:
            return db.execute("SELECT 1 FROM heard WHERE id = ?", (id,)).fetchone() is not None

    def hear(self, id: str) -> None:
        """This webhook has been acted on."""
        with self._open() as db:
            db.execute("INSERT OR IGNORE INTO heard VALUES (?)", (id,))
