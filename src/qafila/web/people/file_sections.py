"""The parts of a person's file, for the index beside it, and which part each page belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from qafila.care.access import may_see_claims
from qafila.foundation.actors import Actor
from qafila.institutions.access import everyone
from qafila.people.access import PersonFile
from qafila.register.access import may_see_applications
from qafila.web.design.components import Tab
from qafila.web.site.areas import MayThere
from qafila.web.site.requests import StaffRequest


@dataclass(frozen=True)
class Section:
    """A part of the file: its first page, who is offered it, and the pages that belong to it."""

    label: Promise
    url_name: str
    may: MayThere
    pages: tuple[str, ...] = ()


SECTIONS = (
    Section(
        pgettext_lazy("file", "Situation"),
        "person",
        everyone,
        ("person_contact", "undo_contact", "close_begun"),
    ),
    Section(
        pgettext_lazy("file", "Identity"),
        "person_identity",
        everyone,
        (
            "person_correct",
            "undo_correction",
            "person_lists",
            "part_pair",
            "separate_row",
            "merge_files",
            "undo_merge",
            "person_privacy",
            "person_data",
            "person_consent",
            "ask_erase",
            "decide_erase",
        ),
    ),
    Section(
        pgettext_lazy("file", "Register and card"),
        "person_register",
        may_see_applications,
        ("person_application", "strike_off_entry", "application_act"),
    ),
    Section(
        pgettext_lazy("file", "Fund and family"),
        "person_fund",
        everyone,
        (
            "declare_enrolment",
            "enrolment_act",
            "person_family",
            "no_family",
            "undo_no_family",
            "remove_member",
            "family_rights",
            "declare_member",
            "tell_event",
            "tell_member_event",
            "take_back_event",
            "end_event",
            "correct_declaration",
            "join_household",
            "leave_household",
        ),
    ),
    Section(
        pgettext_lazy("file", "Contributions"),
        "person_money",
        everyone,
        (
            "statement_pdf",
            "person_payment",
            "person_plan",
            "end_plan",
            "person_link",
            "withdraw_link",
            "person_note",
            "take_back_note",
            "person_relief",
            "person_years",
            "choose_year_payment",
            "final_tax",
            "take_back_tax",
            "person_refund",
            "payment",
            "payment_reverse",
            "receipt",
        ),
    ),
    Section(
        pgettext_lazy("file", "Care"),
        "person_claims",
        may_see_claims,
        ("declare_claim", "claims_statement", "claim", "move_claim", "person_estimate"),
    ),
    Section(
        pgettext_lazy("file", "Documents"),
        "attestations",
        everyone,
        ("attestation_sheet", "withdraw_attestation"),
    ),
    Section(pgettext_lazy("file", "History"), "person_journal", everyone),
)
SECTION_OF = {name: one for one in SECTIONS for name in (one.url_name, *one.pages)}


def here(request: StaffRequest) -> str:
    """The name of the address asked for."""
    return (request.resolver_match and request.resolver_match.url_name) or ""


def sections_of(found: PersonFile, url_name: str, actor: Actor) -> tuple[Tab, ...]:
    """The parts of the file that `actor` may see; the one `url_name` belongs to is the current."""
    current = SECTION_OF.get(url_name)
    return tuple(
        Tab(one.label, reverse(one.url_name, args=[found.id]), one is current)
        for one in SECTIONS
        if one.may(actor, found.person.province_id)
    )
