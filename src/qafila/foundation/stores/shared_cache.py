"""What every process must agree on at once, kept in the database: counts, used codes, locks.

It is a cache of Django's by its interface only: nothing in it is thrown away before its time,
because what is counted here keeps doors closed. It cannot be emptied by filling it either: once
`MOST_VALUES` live values are kept, further keys share a few, which then count for each other.
Keys are kept as digests, since the sign-in library writes addresses into them.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

TABLE = "foundation_shared_value"
MOST_VALUES = 1_000_000
SHARED_WHEN_FULL = 1024
LONGEST_SECONDS = 30 * 86_400
"""A value without an end would never leave."""
_LOOK_EVERY = 500
_SWEPT_AT_ONCE = 5_000

_LIVE = "expires > clock_timestamp()"


class SharedCache(BaseCache):
    """Values that JSON can write, under keys of any length, in the one database of all processes.

    `add` and `incr` are one statement each: of two processes at once, one is first.
    """

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._written = 0
        self._full = False

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """The value under the key, or `default` when there is none any more."""
        found = _asked(f"SELECT value FROM {TABLE} WHERE key = %s AND {_LIVE}", self._at(key))
        return json.loads(found[0]) if found else default

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Keep the value, whatever was there before."""
        self._sweep_now_and_then()
        _asked(
            f"INSERT INTO {TABLE} AS kept (key, value, expires) "
            "VALUES (%s, %s, clock_timestamp() + make_interval(secs => %s)) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires "
            "RETURNING 1",
            self._at(key),
            json.dumps(value),
            self._seconds(timeout),
        )

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Keep the value where none is; False when there was one."""
        self._sweep_now_and_then()
        found = _asked(
            f"INSERT INTO {TABLE} AS kept (key, value, expires) "
            "VALUES (%s, %s, clock_timestamp() + make_interval(secs => %s)) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires "
            "WHERE kept.expires <= clock_timestamp() RETURNING 1",
            self._at(key),
            json.dumps(value),
            self._seconds(timeout),
        )
        return found is not None

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Add to a number; ValueError where none is."""
        found = _asked(
            f"UPDATE {TABLE} SET value = (value::bigint + %s)::text WHERE key = %s AND {_LIVE} "
            "RETURNING value",
            delta,
            self._at(key),
        )
        if not found:
            raise ValueError("There is no such number to add to.")
        return int(found[0])

    def count(self, key: Any, seconds: float) -> int:
        """Count one more under the key, for so many seconds since the first; the count so far."""
        self._sweep_now_and_then()
        found = _asked(
            f"INSERT INTO {TABLE} AS kept (key, value, expires) "
            "VALUES (%s, '1', clock_timestamp() + make_interval(secs => %s)) "
            "ON CONFLICT (key) DO UPDATE SET "
            "value = CASE WHEN kept.expires > clock_timestamp() "
            "THEN (kept.value::bigint + 1)::text ELSE '1' END, "
            "expires = CASE WHEN kept.expires > clock_timestamp() "
            "THEN kept.expires ELSE excluded.expires END "
            "RETURNING value",
            self._at(key),
            self._seconds(seconds),
        )
        return int(found[0]) if found else 1

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep the value for longer; False where none is."""
        found = _asked(
            f"UPDATE {TABLE} SET expires = clock_timestamp() + make_interval(secs => %s) "
            f"WHERE key = %s AND {_LIVE} RETURNING 1",
            self._seconds(timeout),
            self._at(key),
        )
        return found is not None

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Forget the value; False where none was."""
        return _asked(f"DELETE FROM {TABLE} WHERE key = %s RETURNING 1", self._at(key)) is not None

    def clear(self) -> None:
        """Forget everything: for tests, and for whoever administers the house."""
        self._full = False
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {TABLE}")

    def _at(self, key: Any) -> bytes:
        own = hashlib.sha256(str(key).encode()).digest()
        if not self._full or _asked(f"SELECT 1 FROM {TABLE} WHERE key = %s AND {_LIVE}", own):
            return own
        place = int.from_bytes(own[:4], "big") % SHARED_WHEN_FULL
        return hashlib.sha256(f"shared when full {place}".encode()).digest()

    def _seconds(self, timeout: Any) -> float:
        if timeout is DEFAULT_TIMEOUT:
            timeout = self.default_timeout
        if timeout is None:
            return LONGEST_SECONDS
        return min(float(timeout), LONGEST_SECONDS)

    def _sweep_now_and_then(self) -> None:
        self._written += 1
        if self._written % _LOOK_EVERY == 1:
            forget_expired_values()
            self._full = is_full()


def forget_expired_values(most: int = _SWEPT_AT_ONCE) -> int:
    """Delete up to `most` values whose time is over; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {TABLE} WHERE key IN (SELECT key FROM {TABLE} "
            "WHERE expires <= clock_timestamp() ORDER BY expires LIMIT %s "
            "FOR UPDATE SKIP LOCKED)",
            [most],
        )
        return cursor.rowcount


def is_full() -> bool:
    """Whether as many live values are kept as there may be."""
    found = _asked(
        f"SELECT count(*) FROM (SELECT FROM {TABLE} WHERE {_LIVE} LIMIT %s) AS live", MOST_VALUES
    )
    return bool(found and found[0] >= MOST_VALUES)


def _asked(statement: str, *parameters: Any) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found: tuple[Any, ...] | None = cursor.fetchone()
        return found
