"""Reconciling list files without a database: who is where, twice, or to be decided by a human.

Start with :func:`reconcile_files`, then :func:`write_outputs`.
"""

from .evidence import evidence_sentence, link_sentence, pair_sentence
from .outputs import write_outputs
from .running import NothingReadable, Reconciliation, reconcile_files

__all__ = [
    "NothingReadable",
    "Reconciliation",
    "evidence_sentence",
    "link_sentence",
    "pair_sentence",
    "reconcile_files",
    "write_outputs",
]
