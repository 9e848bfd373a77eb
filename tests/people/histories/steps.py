"""What may happen to people between a merge and its undoing, and the dice that choose."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Callable
from typing import Any

from tests.accompaniment.factories import applying
from tests.care.factories import claim, tariffs
from tests.contributions.factories import NOVEMBER, in_arrears, pay, run
from tests.enrolment.factories import enrolled, member, registered
from tests.people.database_rows import fingerprints
from tests.people.histories.truth import require_same
from tests.register.factories import AT, person, places, system

from qafila.accompaniment.derivation import EVERYONE, bring_up_to_date
from qafila.care.claims import actions as claims
from qafila.care.merge_preview import merge_preview
from qafila.care.models import Claim
from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.contributions.arrears.plans import agree_plan, end_plan
from qafila.contributions.arrears.relief import apply_for_relief
from qafila.contributions.corrections.corrections import post_corrections
from qafila.contributions.models.calls_and_ledger import Payment
from qafila.contributions.models.plans import InstalmentPlan
from qafila.contributions.models.refunds import Refund
from qafila.contributions.payments.recording import reverse_payment
from qafila.contributions.payments.refunds.refunds import (
    approve_refund,
    ask_refund,
    credit_of,
    refuse_refund,
)
from qafila.enrolment.changes import (
    Facts,
    change_category,
    close_enrolment,
    correct_facts,
    decide_enrolment,
    declare_enrolment,
)
from qafila.enrolment.family.family import (
    FamilyFacts,
    Relative,
    declare_dependant,
    remove_dependant,
)
from qafila.enrolment.family.life_events import NewEvent, take_back_life_event, tell_life_event
from qafila.enrolment.models import Dependant, Enrolment, LifeEvent
from qafila.foundation.actors import WHOLE_COUNTRY
from qafila.foundation.trail import acting
from qafila.people.corrections import Correction, correct_person
from qafila.people.households import join_household, leave_household
from qafila.people.merging.merging import merge_persons
from qafila.people.merging.undoing import undo_merge
from qafila.people.models import Merge, Person
from qafila.register.actions import open_application, strike_off_entry
from qafila.register.models import Entry

PAPER = "Act 9/2026"
DECEMBER = dt.datetime(2026, 12, 3, 9, 0, tzinfo=dt.UTC)
_names = itertools.count(1)


class Life:
    """The people of a history, whoever acts, and the dice."""

    def __init__(self, people: list[int], liaisons: list[Any], seed: int) -> None:
        self.people = people
        self.liaisons = liaisons
        self.at = AT
        self.dice = random.Random(seed)
        self.told: list[str] = []
        self.unchanged: dict[int, dict[str, str]] = {}

    def someone(self) -> int:
        return self.dice.choice(self.people)

    def who(self) -> dict[str, Any]:
        return {"actor": system(), "at": self.at}

    def liaison(self) -> dict[str, Any]:
        return {"actor": self.dice.choice(self.liaisons), "at": self.at}

    def one_of(self, rows: Any) -> Any:
        found = list(rows.order_by("pk"))
        return self.dice.choice(found) if found else None


Step = Callable[[Life], object]


def merges(life: Life) -> object:
    kept, absorbed = life.dice.sample(life.people, 2)
    before = fingerprints()
    merge = merge_persons(kept, absorbed, evidence={}, **life.who()).merge
    life.unchanged[merge] = before
    return merge


def undoes(life: Life) -> object:
    one = life.one_of(Merge.objects.filter(undone_at=None))
    if one is None:
        return None
    undo_merge(one.pk, **life.who())
    before = life.unchanged.pop(one.pk, None)
    if before is not None:
        require_same(before, fingerprints())
    return None


def looks_before(life: Life) -> object:
    kept, absorbed = life.dice.sample(life.people, 2)
    before = fingerprints()
    merge_preview(kept, absorbed, **life.who())
    require_same(before, fingerprints())
    return None


def pays(life: Life) -> object:
    one = life.one_of(Enrolment.objects.exclude(fund_number=""))
    return pay(one, life.dice.choice([5_000, 16_352, 70_000]), at=life.at)


def reverses(life: Life) -> object:
    one = life.one_of(Payment.objects.filter(reversed_on=None))
    return one and reverse_payment(one.pk, reason="Bounced.", on=AT.date(), **life.who())


def refunds(life: Life) -> object:
    waiting = life.one_of(Refund.objects.filter(state="asked"))
    if waiting is not None:
        move = life.dice.choice([approve_refund, refuse_refund])
        told = {"reason": "No."} if move is refuse_refund else {}
        return move(waiting.pk, **told, **life.liaison())  # type: ignore[operator]
    one = life.someone()
    credit = credit_of(one, scope=WHOLE_COUNTRY)
    return ask_refund(one, amount_centimes=credit, reason="Twice.", **life.liaison())


def plans(life: Life) -> object:
    standing = life.one_of(InstalmentPlan.objects.filter(state="running"))
    if standing is not None:
        return end_plan(standing.pk, reason="Paid.", **life.liaison())
    return agree_plan(life.someone(), instalments=2, first_due_on=AT.date(), **life.liaison())


def asks_relief(life: Life) -> object:
    return apply_for_relief(life.someone(), **life.who())


def corrects_books(life: Life) -> object:
    return post_corrections(**life.who())


def runs_the_next_month(life: Life) -> object:
    """Time goes on: everything after it is done in December."""
    done = run(dt.date(2026, 12, 1), at=DECEMBER)
    bring_up_to_date(EVERYONE, actor=system(), at=DECEMBER)
    life.at = DECEMBER
    return done


def claims_care(life: Life) -> object:
    one = life.someone()
    family = Dependant.objects.filter(insured_id=one, state="declared")
    patients = [one, *family.order_by("pk").values_list("person_id", flat=True)]
    return claims.declare_claim(
        insured_id=one,
        patient_id=life.dice.choice(patients),
        act_code=life.dice.choice(["C", "CS"]),
        care_on=dt.date(2026, 11, life.dice.randint(1, 3)),
        paid_centimes=20_000,
        **life.who(),
    )


def moves_a_claim(life: Life) -> object:
    one = life.one_of(Claim.objects.all())
    verb = life.dice.choice(["receive_claim", "assess_claim", "pay_claim", "withdraw_claim",
                             "refuse_claim", "appeal_claim"])  # fmt: skip
    told = {"pay_claim": {"reference": "V-9"}, "refuse_claim": {"reason": "No."},
            "appeal_claim": {"reason": "Yes."}}.get(verb, {})  # fmt: skip
    return one and getattr(claims, verb)(claim_id=one.pk, **told, **life.who())


def declares_a_child(life: Life) -> object:
    born = dt.date(life.dice.randint(2010, 2022), 3, 2)
    child = Relative(full_name_latn=f"Child {next(_names)}", birth_date=born)
    return declare_dependant(
        insured_id=life.someone(), relation="child", relative=child,
        facts=FamilyFacts(other_parent_insured=life.dice.random() < 0.3), **life.who(),
    )  # fmt: skip


def declares_somebody_known(life: Life) -> object:
    insured, relative = life.dice.sample(life.people, 2)
    return declare_dependant(
        insured_id=insured, relation=life.dice.choice(["spouse", "child"]), relative_id=relative,
        **life.who(),
    )  # fmt: skip


def removes_a_member(life: Life) -> object:
    one = life.one_of(Dependant.objects.all())
    return one and remove_dependant(dependant_id=one.pk, reason="Error.", **life.who())


def tells_an_event(life: Life) -> object:
    one = life.one_of(Dependant.objects.filter(state="declared"))
    if one is None or life.dice.random() < 0.2:
        event = NewEvent("death", AT.date(), document=PAPER)
        return tell_life_event(insured_id=life.someone(), event=event, **life.who())
    kind = life.dice.choice(["divorce", "death", "own_scheme", "custody", "disability"])
    custody = "other_parent" if kind == "custody" else ""
    event = NewEvent(kind, AT.date(), None, PAPER, one.pk, custody)
    return tell_life_event(insured_id=one.insured_id, event=event, **life.who())


def takes_an_event_back(life: Life) -> object:
    one = life.one_of(LifeEvent.objects.filter(state="told"))
    if one is None:
        return None
    of = Dependant.objects.filter(person_id=one.person_id).first()
    insured = of.insured_id if of else one.person_id
    return take_back_life_event(insured_id=insured, event_id=one.pk, reason="Error.", **life.who())


def closes_an_enrolment(life: Life) -> object:
    one = life.one_of(Enrolment.objects.exclude(state="closed"))
    return one and close_enrolment(
        enrolment_id=one.pk, from_month=NOVEMBER, reason="Stopped.", **life.who()
    )


def decides_an_enrolment(life: Life) -> object:
    one = life.one_of(Enrolment.objects.exclude(state="closed"))
    return one and decide_enrolment(
        enrolment_id=one.pk, others_end=NOVEMBER, reason="One work.", **life.who()
    )


def changes_a_category(life: Life) -> object:
    one = life.one_of(Enrolment.objects.exclude(state="closed"))
    if one is None or life.dice.random() < 0.5:
        return one and correct_facts(
            enrolment_id=one.pk, facts=Facts(), document=PAPER, **life.who()
        )
    return change_category(
        enrolment_id=one.pk, category="auto_entrepreneur", from_month=NOVEMBER, **life.who()
    )


def declares_an_enrolment(life: Life) -> object:
    return declare_enrolment(
        person_id=life.someone(), category="craftworker", month=NOVEMBER, **life.who()
    )


def corrects_a_file(life: Life) -> object:
    one = Person.objects.get(pk=life.someone())
    if life.dice.random() < 0.5:
        changes = {"commune": Correction(one.commune_id or "", "06.141.01.01")}
        answer = life.dice.choice(["", "along", "stays"])
        return correct_person(one.pk, changes=changes, household=answer, **life.who())
    changes = {"card_number": Correction(one.card_number, f"KB{next(_names) + 100_000}")}
    return correct_person(one.pk, changes=changes, **life.who())


def shares_a_home(life: Life) -> object:
    one, other = life.dice.sample(life.people, 2)
    if life.dice.random() < 0.3:
        leave_household(person_id=one, document=PAPER, **life.who())
    else:
        join_household(person_id=one, with_person_id=other, document=PAPER, **life.who())
    return True


def works_on_the_register(life: Life) -> object:
    one = life.one_of(Entry.objects.filter(state="active"))
    if one is None or life.dice.random() < 0.5:
        return open_application(person_id=life.someone(), **life.who())
    return strike_off_entry(entry_id=one.pk, reason="Closed.", **life.who())


SINCE: tuple[Step, ...] = (
    pays, pays, reverses, refunds, plans, asks_relief, corrects_books, runs_the_next_month,
    claims_care, claims_care, moves_a_claim, moves_a_claim, declares_a_child,
    declares_somebody_known, removes_a_member, tells_an_event, takes_an_event_back,
    closes_an_enrolment, decides_an_enrolment, changes_a_category, declares_an_enrolment,
    corrects_a_file, shares_a_home, works_on_the_register, looks_before,
)  # fmt: skip


def six_lives() -> list[int]:
    """Six people: paid up, in arrears, with a family, applying, entered, known by name alone."""
    places()
    tariffs()
    paid, owing, family = in_arrears(0), in_arrears(4), enrolled(registered(sex="M"))
    child = member(family.person, relation="child")
    with acting(system(), at=AT):
        Person.objects.filter(pk=child.person_id).update(birth_date=dt.date(2014, 2, 1))
    claim("received", insured=paid.person)
    others = [applying("submitted").pk, registered().pk, person(without_card=True).pk]
    open_reported_arrears(NOVEMBER, actor=system(), at=AT)
    run()
    pay(paid, 20_000)
    bring_up_to_date(EVERYONE, actor=system(), at=AT)
    return [paid.person_id, owing.person_id, family.person_id, *others]
