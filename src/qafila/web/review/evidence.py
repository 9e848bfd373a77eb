"""Evidence that two rows are one person, in words: what speaks for it and what against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qafila.lists.queries import PairShown
from qafila.lists.reconciling.evidence import evidence_sentence, link_sentence
from qafila.web.design.record_list import FilePlace
from qafila.web.people.list_rows import row_place


@dataclass(frozen=True)
class EvidenceShown:
    """Sentences for one person, against it, and those that say why a human is asked."""

    speaks_for: list[str]
    against: list[str]
    besides: list[str]

    @property
    def counter(self) -> EvidenceShown | None:
        """What makes one look twice, alone: it stands above everything else."""
        twice = self.against or self.besides
        return EvidenceShown([], self.against, self.besides) if twice else None

    @property
    def favour(self) -> EvidenceShown:
        """What speaks for one person, alone."""
        return EvidenceShown(self.speaks_for, [], [])


@dataclass(frozen=True)
class LinkShown:
    """Two rows that were held to be one person, and why: in one sentence, then piece by piece."""

    pair_id: int
    left: FilePlace
    right: FilePlace
    state: str
    sentence: str
    evidence: EvidenceShown


def evidence_shown(evidence: Iterable[Mapping[str, Any]]) -> EvidenceShown:
    """The pieces in sentences, sorted by which way they speak, each in the order given."""
    shown = EvidenceShown([], [], [])
    for piece in evidence:
        weight = piece.get("weight")
        group = shown.besides if not weight else shown.speaks_for if weight > 0 else shown.against
        group.append(evidence_sentence(piece["code"], piece.get("params")))
    return shown


def link_shown(pair: PairShown) -> LinkShown:
    """A pair inside one file, as its page shows it."""
    return LinkShown(
        pair.id,
        row_place(pair.left),
        row_place(pair.right),
        pair.state,
        link_sentence(pair.evidence),
        evidence_shown(pair.evidence),
    )
