"""A refusal held against the sentence that is shown, not against its code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from qafila.foundation.errors import DomainError


@contextmanager
def refused(kind: type[DomainError], sentence: str) -> Iterator[None]:
    """`kind` is raised inside, and its sentence contains `sentence` (a pattern)."""
    with pytest.raises(kind) as refusal:
        yield
    assert re.search(sentence, refusal.value.sentence()), refusal.value.sentence()
