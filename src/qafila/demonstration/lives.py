"""Lives of the demonstration: families of every kind, claims in every state, a death, a move.

Everything is done by the actions that people use; where nobody fits, a story is left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from qafila.care.claims import actions as claims
from qafila.contributions.payments.recording import record_payment
from qafila.contributions.payments.refunds.refunds import approve_refund, ask_refund
from qafila.demonstration.desks import desk
from qafila.enrolment.family.family import (
    DependantMoved,
    FamilyFacts,
    Relative,
    declare_dependant,
)
from qafila.enrolment.family.life_events import NewEvent, end_life_event, tell_life_event
from qafila.foundation.actors import WHOLE_COUNTRY
from qafila.foundation.clock import day_of
from qafila.foundation.errors import NotFoundInScope
from qafila.foundation.scope import known_by
from qafila.foundation.trail import system_actor
from qafila.people.access import persons_visible
from qafila.people.corrections import Correction, correct_person
from qafila.people.merging.merging import merge_persons
from qafila.people.merging.undoing import undo_merge
from qafila.people.models import Person
from qafila.places.models import Commune
from qafila.rights.models import RightsPeriod

_WIFE = Relative("نادية العلوي", "ALAOUI Nadia", "F", dt.date(1986, 3, 12), "ZZ900101")


def _who(at: dt.datetime) -> dict[str, Any]:
    return {"actor": system_actor("demonstration"), "at": at}


@known_by("the demonstration")
def _covered(at: dt.datetime, sex: str, place: int) -> Person:
    """Somebody of 45 to 55, covered for a month, without a family: the same one each time."""
    since = day_of(at) - dt.timedelta(days=31)
    open_ones = RightsPeriod.objects.filter(status="open", until=None, since__lte=since)
    born = [dt.date(day_of(at).year - years, 1, 1) for years in (55, 45)]
    fitting = persons_visible(WHOLE_COUNTRY).filter(
        pk__in=open_ones.values("person_id"), sex=sex, birth_date__range=born, state="active"
    )
    found = list(fitting.filter(dependants=None).order_by("pk")[: place + 1])
    if len(found) <= place:
        raise NotFoundInScope(person=0)
    return found[place]


def _declare(
    who: Person, relation: str, relative: Relative, at: dt.datetime, **facts: Any
) -> DependantMoved:
    return declare_dependant(
        insured_id=who.pk,
        relation=relation,
        relative=relative,
        facts=FamilyFacts(**facts),
        **_who(at),
    )


def _tell(
    who: Person, kind: str, since: dt.date, at: dt.datetime, of: int | None = None, **told: Any
) -> int:
    event = NewEvent(kind, since, document="Acte de l’état civil", dependant_id=of, **told)
    return tell_life_event(insured_id=who.pk, event=event, **_who(at)).event_id


def _child(name_ar: str, name: str, sex: str, born: dt.date, card: str = "") -> Relative:
    return Relative(name_ar, name, sex, born, card)


def couple_with_children(at: dt.datetime) -> None:
    """A wife, a small child, a student and a disabled grown-up, each with the proof."""
    who, year = _covered(at, "M", 0), day_of(at).year
    _declare(who, "spouse", _WIFE, at, joined_on=dt.date(2011, 6, 1))
    _declare(who, "child", _child("سلمى", "Salma", "F", dt.date(year - 6, 5, 2)), at)
    student = _child("ياسين", "Yassine", "M", dt.date(year - 22, 9, 9), "ZZ900102")
    _declare(who, "child", student, at, schooling_until=dt.date(year + 1, 6, 30))
    grown = _child("حمزة", "Hamza", "M", dt.date(year - 30, 1, 20), "ZZ900103")
    _declare(who, "child", grown, at, disabled=True)


def two_wives(at: dt.datetime) -> None:
    """A second wife by a judge's leave, who lives in another home."""
    who = _covered(at, "M", 0)
    first = Relative("خديجة بناني", "BENNANI Khadija", "F", dt.date(1982, 2, 3), "ZZ900104")
    _declare(who, "spouse", first, at, joined_on=dt.date(2004, 7, 10))
    second = Relative("نعيمة التازي", "TAZI Naima", "F", dt.date(1990, 8, 21), "ZZ900105")
    _declare(
        who,
        "spouse",
        second,
        at,
        joined_on=dt.date(2019, 4, 2),
        judges_leave="Autorisation 112/2019",
        lives_elsewhere=True,
    )


def custody_moved_and_back(at: dt.datetime) -> None:
    """A divorce; the child went to the father and came back."""
    who, today = _covered(at, "F", 0), day_of(at)
    husband = Relative("كريم برادة", "BERRADA Karim", "M", dt.date(1978, 5, 5), "ZZ900106")
    married = _declare(who, "spouse", husband, at, joined_on=dt.date(2008, 9, 1))
    girl = _child("ريم", "Rim", "F", dt.date(today.year - 10, 4, 14))
    one = _declare(who, "child", girl, at, other_parent_insured=True, custody="insured")
    _tell(who, "divorce", today - dt.timedelta(days=400), at, married.dependant_id)
    away = today - dt.timedelta(days=300)
    event = _tell(who, "custody", away, at, one.dependant_id, custody="other_parent")
    end_life_event(
        insured_id=who.pk,
        event_id=event,
        until=today - dt.timedelta(days=90),
        document="Jugement 77",
        **_who(at),
    )


def child_taken_in(at: dt.datetime) -> None:
    """A child under kafala, and twins."""
    who, year = _covered(at, "F", 0), day_of(at).year
    orphan = _child("آدم", "Adam", "M", dt.date(year - 9, 6, 6))
    _declare(who, "child", orphan, at, taken_in=True, joined_on=dt.date(year - 4, 6, 6))
    for name_ar, name in (("هبة", "Hiba"), ("نور", "Nour")):
        _declare(who, "child", _child(name_ar, name, "F", dt.date(year - 12, 10, 3)), at)


def death_with_money_paid_ahead(at: dt.datetime) -> None:
    """A dead man's family stays covered, and what he had paid ahead goes to the heirs."""
    who, today = _covered(at, "M", 0), day_of(at)
    widow = Relative("زينب الفاسي", "FASSI Zineb", "F", dt.date(1980, 1, 15), "ZZ900107")
    _declare(who, "spouse", widow, at, joined_on=dt.date(2003, 3, 3))
    record_payment(
        person_id=who.pk,
        reference="AVANCE-DEMO-1",
        channel="bank",
        amount_centimes=200_000,
        paid_on=today - dt.timedelta(days=40),
        **_who(at),
    )
    _tell(who, "death", today - dt.timedelta(days=3), at)
    asked = ask_refund(
        who.pk,
        amount_centimes=50_000,
        reason="Décès de l’assuré.",
        heir="FASSI Zineb",
        heir_document="Acte d’hérédité 31",
        actor=desk("demonstration desk"),
        at=at,
    )
    approve_refund(asked.refund_id, actor=desk("demonstration supervisor"), at=at)


def move_with_the_household(at: dt.datetime) -> None:
    """A mother moves to another province and her child moves along."""
    who, year = _covered(at, "F", 0), day_of(at).year
    _declare(who, "child", _child("ليلى", "Layla", "F", dt.date(year - 8, 2, 11)), at)
    there = Commune.objects.exclude(province=who.province_id).order_by("code").first()
    if there is None:
        raise NotFoundInScope(commune=0)
    change = Correction(who.commune_id or "", there.code)
    correct_person(who.pk, changes={"commune": change}, household="along", **_who(at))


def merge_undone(at: dt.datetime) -> None:
    """Two files of people not enrolled yet were merged by mistake, and are two again."""
    known = persons_visible(WHOLE_COUNTRY).filter(
        state="active", enrolments=None, dependant_of=None
    )
    pair = list(known.order_by("-pk").values_list("pk", flat=True)[:2])
    if len(pair) < 2:
        raise NotFoundInScope(person=0)
    done = merge_persons(pair[0], pair[1], evidence={"by": "demonstration"}, **_who(at))
    undo_merge(done.merge, **_who(at))


_FURTHER: dict[str, tuple[tuple[str, dict[str, str]], ...]] = {
    "declared": (),
    "received": (("receive_claim", {}),),
    "assessed": (("receive_claim", {}), ("assess_claim", {})),
    "paid": (
        ("receive_claim", {}),
        ("assess_claim", {}),
        ("pay_claim", {"reference": "VIR-SOINS-1"}),
    ),
    "refused": (
        ("receive_claim", {}),
        ("refuse_claim", {"reason": "La feuille de soins n’est pas signée."}),
    ),
    "appealed": (
        ("receive_claim", {}),
        ("refuse_claim", {"reason": "L’ordonnance manque."}),
        ("appeal_claim", {"reason": "Voici l’ordonnance."}),
    ),
    "rejected": (
        ("receive_claim", {}),
        ("refuse_claim", {"reason": "L’acte n’est pas dans le panier."}),
        ("appeal_claim", {"reason": "Le médecin l’a demandé."}),
        ("reject_appeal", {"reason": "L’acte n’est pas dans le panier."}),
    ),
    "withdrawn": (("withdraw_claim", {}),),
}


def claims_in_every_state(at: dt.datetime) -> None:
    """One claim in each state, and one that waits for a doctor."""
    for place, (_state, verbs) in enumerate(_FURTHER.items()):
        claim = _claim(_covered(at, "FM"[place % 2], place // 2), at, 9 + place)
        for verb, told in verbs:
            getattr(claims, verb)(claim_id=claim, **told, **_who(at))
    doubted = _claim(_covered(at, "F", 0), at, 5, paid_centimes=600_000)
    claims.receive_claim(claim_id=doubted, **_who(at))
    claims.assess_claim(claim_id=doubted, **_who(at))


def _claim(who: Person, at: dt.datetime, days: int, *, paid_centimes: int = 8_000) -> int:
    care_on = day_of(at) - dt.timedelta(days=days)
    declared = claims.declare_claim(
        insured_id=who.pk,
        act_code="C",
        care_on=care_on,
        paid_centimes=paid_centimes,
        place="public",
        documents=2,
        **_who(at),
    )
    return declared.claim_id


LIVES: tuple[Callable[[dt.datetime], None], ...] = (
    claims_in_every_state,
    couple_with_children,
    two_wives,
    custody_moved_and_back,
    child_taken_in,
    death_with_money_paid_ahead,
    move_with_the_household,
    merge_undone,
)
"""The stories, claims first: they look for people without a family."""
