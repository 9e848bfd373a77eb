"""Common given names: what shows that a column, or a line, holds people."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml

from qafila.tables.folding import fold


@cache
def given_names() -> frozenset[str]:
    """Common given names, folded, both scripts; only to tell which column holds given names."""
    text = resources.files(__package__).joinpath("given_names.yaml").read_text(encoding="utf-8")
    return frozenset(fold(str(name)) for names in yaml.safe_load(text).values() for name in names)
