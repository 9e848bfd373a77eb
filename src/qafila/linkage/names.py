"""Names as Morocco writes them: keys, search prefixes and comparison (public names)."""

from qafila.linkage.letters import fold_text
from qafila.linkage.name_comparison import (
    NAME_REASONS,
    SAME_FROM,
    NameComparison,
    compare_names,
)
from qafila.linkage.name_keys import (
    KEY_VERSION,
    exact_name_key,
    index_keys,
    name_keys,
    search_keys,
)

__all__ = [
    "KEY_VERSION",
    "NAME_REASONS",
    "SAME_FROM",
    "NameComparison",
    "compare_names",
    "exact_name_key",
    "fold_text",
    "index_keys",
    "name_keys",
    "search_keys",
]
