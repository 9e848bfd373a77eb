"""Progress of an import, seen while it runs: written beside the transaction that stores rows."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from django.db import connection

from qafila.foundation.actors import Actor

Report = Callable[[int, int], None]

_STATEMENT = """
UPDATE lists_listimport SET state = 'reading', rows_expected = %s, rows_read = %s,
  rows_accepted = %s, rows_rejected = %s, rows_repeated = %s, rows_skipped = %s
WHERE id = %s AND state IN ('waiting', 'reading')
"""


class ProgressWriter:
    """Commits the counters of one import on a connection of its own."""

    def __init__(self, import_id: int, actor: Actor, on_progress: Report | None) -> None:
        self._import_id = import_id
        self._actor = actor
        self._on_progress = on_progress
        self._connection = connection.copy()

    def __enter__(self) -> ProgressWriter:
        with self._connection.cursor() as cursor:
            cursor.execute("SELECT set_config('qafila.actor', %s, false)", [str(self._actor.id)])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def write(
        self,
        expected: int,
        accepted: int = 0,
        rejected: int = 0,
        repeated: int = 0,
        skipped: int = 0,
    ) -> None:
        """Show how far the import is; the balance holds at every moment."""
        read = accepted + rejected + repeated + skipped
        with self._connection.cursor() as cursor:
            cursor.execute(
                _STATEMENT,
                [expected, read, accepted, rejected, repeated, skipped, self._import_id],
            )
        if self._on_progress:
            self._on_progress(read, expected)
