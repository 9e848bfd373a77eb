"""Ten whole lives told by commands alone, in ten orders; every proof holds after each step.

A step that begins with `!` is refused, with the code behind the colon, and changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from tests.care.factories import tariffs
from tests.contributions.factories import payments_file
from tests.people.database_rows import fingerprints
from tests.people.histories.truth import require_same, require_sound
from tests.register.factories import AT, person, places, system
from typer.testing import CliRunner

from qafila.accompaniment.derivation import EVERYONE, bring_up_to_date
from qafila.cli.main import command_line
from qafila.enrolment.models import Enrolment
from qafila.foundation import clock
from qafila.foundation.actors import WHOLE_COUNTRY
from qafila.foundation.errors import DomainError
from qafila.people.models import Person
from qafila.register.actions import load_trades
from qafila.register.models import Entry
from qafila.rights.family import family_rights

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HERE, THERE = "09.001.01.01", "06.141.01.01"
PAPER = "--document=Acte 7/2026"
WHY = "--reason=Dit au guichet."


@pytest.fixture(autouse=True)
def _stage(db: None) -> Iterator[None]:
    places()
    tariffs()
    load_trades(actor=system(), at=AT)
    with clock.stopped_at(AT):
        yield


class Life:
    """Fatima's file, a second one that a list opened for her, and the numbers of what was done."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fatima, self.again = person().pk, person(without_card=True).pk
        bring_up_to_date(EVERYONE, actor=system(), at=AT)
        self.number: dict[str, int] = {}
        self.paid = 0

    def run(self, *words: Any) -> Any:
        """What a command answers; raises what it refuses."""
        asked = [str(word) for word in words]
        done = CliRunner().invoke(command_line(), asked, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout) if done.stdout.strip() else None

    def enters(self) -> None:
        opened = self.run("register", "open", self.fatima)["application_id"]
        self.run("register", "complete", opened, "--trade=Tisserand")
        self.run("register", "submit", opened)
        self.run("register", "accept", opened)

    def is_struck_off(self) -> None:
        entry = Entry.objects.get(person_id=self.fatima, state="active")
        self.run("register", "strike-off", entry.pk, WHY)

    def enrols(self) -> None:
        told = self.run("enrolment", "declare", self.fatima, "--month=2026-05")
        self.number["enrolment"] = told["enrolment_id"]
        self.run("enrolment", "confirm", told["enrolment_id"], "--number=123456789")

    def declares_a_husband(self) -> None:
        told = self.run(
            "family", "declare", self.fatima, "spouse", "--name=Hassan Amzil", "--sex=M",
            "--born=1978-05-17", "--joined=2010-06-01",
        )  # fmt: skip
        self.number["husband"] = told["dependant_id"]

    def declares_a_child(self) -> None:
        told = self.run(
            "family", "declare", self.fatima, "child", "--name=Sara Amzil", "--born=2015-03-02"
        )
        self.number |= {"child": told["dependant_id"], "sara": told["person_id"]}

    def is_called(self) -> None:
        for month in range(5, 12):
            named = f"2026-{month:02}"
            self.run("contributions", "run", named, f"--really={named}", "--json")

    def pays(self) -> None:
        number = Enrolment.objects.get(pk=self.number["enrolment"]).fund_number
        self.paid += 1
        row = {"fund_number": number, "amount_dh": "2000.00", "reference": f"L{self.paid}"}
        row["paid_on"] = "2026-11-01"  # before the days of care
        file = payments_file(self.folder, row, name=f"{self.paid}.csv")
        assert self.run("contributions", "payments", "book", file, "--json")["rows_accepted"] == 1

    def claims(self) -> None:
        told = self.run("claims", "declare", self.fatima, "CS", "--on=2026-11-02", "--paid=200")
        self.number["claim"] = told["claim_id"]
        self.run("claims", "move", told["claim_id"], "receive")
        self.run("claims", "move", told["claim_id"], "assess")

    def claims_for_the_child(self) -> None:
        told = self.run(
            "claims", "declare", self.fatima, "C", "--on=2026-11-03", "--paid=150.50",
            f"--patient={self.number['sara']}",
        )  # fmt: skip
        self.number["claim"] = told["claim_id"]
        self.run("claims", "move", told["claim_id"], "receive")

    def is_paid_back(self) -> None:
        self.run("claims", "move", self.number["claim"], "assess")
        self.run("claims", "move", self.number["claim"], "pay", "--reference=V-7")

    def is_refused_and_appeals(self) -> None:
        self.run("claims", "move", self.number["claim"], "refuse", WHY)
        self.run("claims", "move", self.number["claim"], "appeal", WHY)
        self.run("claims", "move", self.number["claim"], "grant")

    def merges(self) -> None:
        before = fingerprints()
        assert self.run("people", "preview-merge", self.fatima, self.again)["refusal"] == ""
        require_same(before, fingerprints())
        self.number["merge"] = self.run("people", "merge", self.fatima, self.again)["merge"]

    def undoes(self) -> None:
        self.run("people", "undo-merge", self.number["merge"])

    def merges_and_undoes(self) -> None:
        before = fingerprints()
        self.merges()
        self.undoes()
        require_same(before, fingerprints())

    def moves(self) -> None:
        self.run(
            "people", "correct", self.fatima, "commune", f"--before={HERE}", f"--after={THERE}",
            "--household=along",
        )  # fmt: skip
        home = Person.objects.get(pk=self.fatima).household_id
        household = Person.objects.filter(household_id=home) if home else Person.objects.none()
        assert {one.commune_id for one in household} <= {THERE}
        assert Person.objects.get(pk=self.fatima).commune_id == THERE

    def becomes_an_auto_entrepreneur(self) -> None:
        told = self.run(
            "enrolment", "change", self.number["enrolment"], "--month=2026-11",
            "--category=auto_entrepreneur", "--tax=600",
        )  # fmt: skip
        self.number["enrolment"] = told["enrolment_id"]
        self.run("enrolment", "correct", told["enrolment_id"], "--tax=900", PAPER)

    def stops(self) -> None:
        self.run("enrolment", "close", self.number["enrolment"], "--month=2026-11", WHY)

    def goes_on(self) -> None:
        self.run("enrolment", "reopen", self.number["enrolment"], WHY)

    def divorces(self) -> None:
        self.run("family", "tell", self.fatima, "divorce", "--since=2026-11-05", PAPER,
                 f"--member={self.number['husband']}")  # fmt: skip

    def marries_again(self) -> None:
        self.run("family", "declare", self.fatima, "spouse", "--name=Omar Tazi", "--sex=M",
                 "--born=1980-01-01", "--joined=2026-11-20")  # fmt: skip

    def child_is_insured_for_a_while(self) -> None:
        told = self.run("family", "tell", self.fatima, "own_scheme", "--since=2026-10-01", PAPER,
                        f"--member={self.number['child']}")  # fmt: skip
        self.run("family", "end", self.fatima, told["event_id"], "--until=2026-11-01", PAPER)
        [event] = self.run("family", "events", self.fatima)
        assert (event["since"], event["until"]) == ("2026-10-01", "2026-11-01")

    def dies(self) -> None:
        told = self.run("family", "tell", self.fatima, "death", "--since=2026-11-21", PAPER)
        self.number["death"] = told["event_id"]

    def was_not_dead(self) -> None:
        self.run("family", "take-back", self.fatima, self.number["death"], WHY)

    def claims_of_a_later_day(self) -> None:
        self.run("claims", "declare", self.fatima, "CS", "--on=2026-11-22", "--paid=200")

    def enrols_again(self) -> None:
        self.run("enrolment", "declare", self.fatima, "--month=2026-12")

    def family_is_told(self) -> None:
        told = self.run("family", "cover", self.fatima)
        members = family_rights(self.fatima, AT.date(), scope=WHOLE_COUNTRY)
        assert [one["status"] for one in told["members"]] == [one.status for one in members]
        assert told["after_death"]

    def heirs_are_paid(self) -> None:
        asked = ("--amount=100", WHY, "--heir=Hassan Amzil", "--deed=Acte 9", "--json")
        told = self.run("contributions", "refund", self.fatima, *asked)
        assert told["state"] == "asked"


LIVES = {
    "as most lives go": """
        enters enrols declares_a_husband declares_a_child is_called pays claims merges_and_undoes
        moves stops dies family_is_told""",
    "merged before anything": """
        merges enters enrols declares_a_child is_called pays claims is_paid_back undoes moves dies
        family_is_told heirs_are_paid""",
    "married, divorced, married again": """
        enters enrols declares_a_husband is_called pays divorces marries_again merges_and_undoes
        moves claims is_paid_back stops dies""",
    "died, and had not died": """
        enters enrols declares_a_child is_called pays dies !claims_of_a_later_day:care_of_the_dead
        family_is_told was_not_dead claims is_paid_back merges_and_undoes moves stops""",
    "stopped and went on": """
        enters enrols is_called stops pays goes_on declares_a_husband claims merges_and_undoes
        moves dies family_is_told""",
    "struck off and entered again": """
        enters is_struck_off enters enrols declares_a_child is_called pays claims_for_the_child
        is_paid_back merges_and_undoes moves stops dies""",
    "another category, a claim fought for": """
        enters enrols becomes_an_auto_entrepreneur is_called pays claims is_refused_and_appeals
        is_paid_back merges moves undoes dies""",
    "moved first": """
        moves enters enrols declares_a_husband declares_a_child is_called merges pays
        child_is_insured_for_a_while undoes claims dies family_is_told""",
    "died in debt": """
        enters enrols declares_a_husband is_called merges dies !enrols_again:person_died undoes
        family_is_told pays""",
    "paid before being called": """
        enters enrols pays declares_a_child is_called claims_for_the_child is_paid_back
        child_is_insured_for_a_while merges_and_undoes stops moves dies heirs_are_paid""",
}


@pytest.mark.parametrize("life", LIVES)
def test_a_whole_life_by_commands(life: str, tmp_path: Path) -> None:
    told = Life(tmp_path)
    for step in LIVES[life].split():
        try:
            _live(told, step)
            require_sound(AT, allowed=frozenset())
        except BaseException as error:
            error.add_note(f"{life}: {step}")
            raise


def _live(life: Life, step: str) -> None:
    name, _colon, code = step.lstrip("!").partition(":")
    if not code:
        getattr(life, name)()
        return
    before = fingerprints()
    with pytest.raises(DomainError) as refused, transaction.atomic():
        getattr(life, name)()
    assert refused.value.code == code
    assert refused.value.sentence().endswith(".")
    require_same(before, fingerprints())


def test_ten_lives_are_told() -> None:
    assert len(LIVES) == 10
    steps = {step.lstrip("!").partition(":")[0] for told in LIVES.values() for step in told.split()}
    assert steps == {name for name in vars(Life) if name[0] != "_" and name != "run"}
