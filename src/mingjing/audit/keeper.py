"""The keeper of the journal in a running program: its key, its checkpoints outside the database, its last verdict."""

import threading
from collections.abc import Sequence
from pathlib import Path

from mingjing.audit import queries
from mingjing.audit.chain import Checkpoint, CheckpointKey, Verdict
from mingjing.audit.service import CheckpointFile, checkpoint
from mingjing.kernel.db import Database
from mingjing.kernel.secrets import key_file


class Keeper:
    """Makes checkpoints and checks the chain; `app.py` puts one on the program's state as `journal`."""

    def __init__(self, database: Database, key: Path, checkpoints: Path) -> None:
        """`key` is the file of the Ed25519 seed, made if absent. Raises SYS-010, SYS-011."""
        self._database = database
        self._key = CheckpointKey(key_file(key))
        self._file = CheckpointFile(checkpoints)
        self._guard = threading.Lock()
        self._last: tuple[Verdict, int] | None = None

    @property
    def public(self) -> bytes:
        """The public key, by which a stranger checks a checkpoint."""
        return self._key.public

    def sign(self) -> Checkpoint | None:
        """A checkpoint over the journal as it stands, in the database and beside it; None where it is empty."""
        with self._guard:
            with self._database.transaction() as tx:
                made = checkpoint(tx, self._key)
            if made is not None:
                self._file.append(made)
            return made

    def verify(self, elsewhere: Sequence[Checkpoint] = ()) -> tuple[Verdict, int]:
        """Check the whole chain now, also against checkpoints kept `elsewhere`; the verdict and when it was reached."""
        with self._database.reading() as session:
            verdict = queries.verify(session, self._key.public, [*self._file.read(), *elsewhere])
        self._last = (verdict, self._database.clock.now_us())
        return self._last

    def last(self) -> tuple[Verdict, int]:
        """The last verdict, made now where there is none."""
        return self._last or self.verify()
