"""The store all processes share: it counts once, keeps what lives, and cannot be emptied."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection

from another_process import AnotherProcess
from qafila.foundation.stores import shared_cache
from qafila.foundation.stores.counting import Counter, network_of
from qafila.foundation.stores.shared_cache import SharedCache, forget_expired_values

COUNT = "from qafila.foundation.stores.counting import Counter; c = Counter('tries', 5, 60)"


def _expire_everything() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE foundation_shared_value SET expires = now() - interval '1 s'")


@pytest.mark.django_db
def test_it_is_a_cache_by_its_interface() -> None:
    assert cache.get("a", 7) == 7
    cache.set("a", [1.5, 2], 60)
    assert cache.get("a") == [1.5, 2]
    assert not cache.add("a", "y", 60)
    assert cache.add("b", "y", 60)
    cache.set("n", 4, None)
    assert (cache.incr("n"), cache.incr("n", -3)) == (5, 2)
    assert cache.touch("n", 5)
    assert cache.delete("n")
    assert not cache.delete("n")
    assert not cache.touch("n")
    with pytest.raises(ValueError, match="no such number"):
        cache.incr("n")


@pytest.mark.django_db
def test_what_is_over_counts_no_more_and_is_swept() -> None:
    counter = Counter("door", 1, 60)
    assert [counter.count(), counter.count()] == [True, False]
    cache.set("used", "y", 60)
    _expire_everything()
    assert cache.get("used") is None
    assert cache.add("used", "y", 60)
    assert counter.count()
    _expire_everything()
    assert forget_expired_values() == 2


@pytest.mark.django_db
def test_it_holds_no_address_in_clear() -> None:
    cache.set("allauth:rl:login:ip:203.0.113.9", [1], 60)
    with connection.cursor() as cursor:
        cursor.execute("SELECT key::text || value FROM foundation_shared_value")
        assert "203" not in cursor.fetchone()[0]


@pytest.mark.django_db
def test_filling_it_empties_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once full, new keys share a few places, and count for each other rather than not at all."""
    monkeypatch.setattr(shared_cache, "MOST_VALUES", 50)
    monkeypatch.setattr(shared_cache, "SHARED_WHEN_FULL", 2)
    monkeypatch.setattr(shared_cache, "_LOOK_EVERY", 5)
    store = SharedCache("", {})
    store.count("guesser", 60)
    for number in range(300):
        store.count(f"filler {number}", 60)
    assert store.count("guesser", 60) == 2
    assert store.count("somebody new", 60) > 20
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM foundation_shared_value")
        assert cursor.fetchone()[0] < 60


@pytest.mark.django_db(transaction=True)
def test_two_processes_count_together() -> None:
    counter = Counter("tries", 5, 60)
    with AnotherProcess() as other:
        assert [counter.count() for _ in range(3)] == [True] * 3
        assert other.told("[c.count() for _ in range(3)]", COUNT) == [True, True, False]
        assert not counter.count()
        assert cache.add("code 123456", "y", 60)
        told = other.told("cache.add('code 123456', 'y', 60)",
                          "from django.core.cache import cache")  # fmt: skip
        assert told is False
    # Both ended and begun again, nothing is forgotten.
    with AnotherProcess() as other:
        assert other.told("c.count()", COUNT) is False


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_is_first() -> None:
    def add(_: int) -> bool:
        try:
            return bool(cache.add("code 654321", "y", 60))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(add, range(8))) == 1


def test_an_address_is_what_one_household_is_given() -> None:
    assert network_of("203.0.113.9") == "203.0.113.9"
    assert network_of("::ffff:203.0.113.9") == "203.0.113.9"
    assert network_of("2001:db8:1:2:aaaa::1") == network_of("2001:db8:1:2:bbbb::9")
    assert network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")
    assert network_of("unix:") == "unix:"
