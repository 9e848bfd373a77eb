"""Numbers looked for outside the territory: so many an hour, each with a trace of its own.

Whoever opens or corrects a file with a card may learn the same from the refusal: it counts alike.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from qafila.foundation.access_log import record_list_read
from qafila.foundation.actors import Actor
from qafila.foundation.stores.counting import Counter
from qafila.people.errors import KnownElsewhere, TooManyProbes

PROBES_AN_HOUR = 20
PROBING = "people_elsewhere"
"""The place under which the trace of each number looked for is kept."""


def count_probe(actor: Actor) -> Counter:
    """Count one more number looked for by the actor. Raises TooManyProbes."""
    counter = Counter(f"numbers probed by {actor.id}", PROBES_AN_HOUR, 3600)
    if not counter.count():
        raise TooManyProbes
    return counter


def trace_probe(*, found: bool, actor: Actor, at: dt.datetime) -> None:
    """Log that the actor learned whether a number is known outside the territory."""
    # The moment keeps two numbers asked for in a row from being taken for one look.
    asked = f"number known={int(found)} at={at:%H:%M:%S.%f}"
    record_list_read(0, actor=actor, at=at, place=PROBING, asked=asked)


@contextmanager
def counted_if_known(*, actor: Actor, at: dt.datetime) -> Iterator[None]:
    """Count an act as a probe where it ends in KnownElsewhere; refuse it once there were too many.

    Around the act's own transaction, so that count and trace stay when it is rolled back.
    """
    counter = count_probe(actor)
    try:
        yield
    except KnownElsewhere:
        trace_probe(found=True, actor=actor, at=at)
        raise
    except BaseException:
        counter.take_back()
        raise
    counter.take_back()
