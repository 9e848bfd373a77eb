"""What notes of lists say of a marriage, in two languages; in doubt nothing."""

from __future__ import annotations

import pytest

from qafila.enrolment.married_notes import say_married

SAYS = [
    "متزوج", "متزوجة وأم لطفلين", "Mariée", "marié, 2 enfants", "MARIÉE", "marie",
    "Marié(e) : oui", "Marié, non déclaré à la CNSS", "marié sans enfants", "épouse BENNANI",
    "زوجة أحمد التازي", "حرفي ومتزوج", "ancien marin ; marié", "père décédé. Marié",
    "Marié depuis 2010", "متزوج لا يتوفر على البطاقة", "son mari travaille à Fès",
    "MARIE AVEC 3 ENFANTS", "MARIE 2 ENFANTS",
]  # fmt: skip
SAYS_NOTHING = [
    "non-marié", "non marié", "pas encore marié", "n'est pas marié", "jamais marié", "ni marié",
    "divorcé, ex-marié", "marié puis divorcé", "ex-épouse", "ancien époux", "époux décédé",
    "a été marié", "était mariée", "veuve, mariée en 1990", "célibataire", "Marié(e): non",
    "marié : non", "marié ? non", "Marié / non", "sans conjoint", "sans époux", "aucun conjoint",
    "pas de conjoint", "bientôt mariée", "متزوج(ة): لا", "متزوج: لا", "غير متزوج", "ليس متزوجا",
    "ليست متزوجة", "كان متزوجا", "متزوج سابقا", "مطلق", "أرملة", "عازب", "بدون زوجة", "بلا زوجة",
    "لا زوجة له", "ماشي متزوج", "Marie Dupont", "voir Marie-Claire", "VOIR MARIE CLAIRE",
    "contact : Marie", "Mariam Alaoui", "habite près du marina", "mariage en attente", "",
    "زوج ولاد", "feu son mari",
]  # fmt: skip


@pytest.mark.parametrize("note", SAYS)
def test_a_note_that_says_married(note: str) -> None:
    assert say_married(note)


@pytest.mark.parametrize("note", SAYS_NOTHING)
def test_a_note_that_says_no_such_thing(note: str) -> None:
    assert not say_married(note)
