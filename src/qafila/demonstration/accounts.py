"""The cast of a demonstration: accounts over four regions, remade on each installation.

Passwords and codes are drawn here and kept under `var/`, readable by the owner alone: they are
never part of the project.
"""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings

from qafila.foundation.actors import DECIDING_ROLES, Actor, Role
from qafila.foundation.trail import acting
from qafila.institutions import errors
from qafila.institutions.actions import create_account
from qafila.institutions.models import Account, Institution, Post
from qafila.institutions.posts import hold_post
from qafila.institutions.terms import PostTerms, territory_label

DOMAIN = "qafila.example"
SINCE = dt.date(2022, 1, 1)
TOTP_SECONDS = 30  # RFC 6238, and the sign-in library's default
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike
Kind = Institution.Kind


@dataclass(frozen=True)
class DemonstrationAccount:
    """What a person needs to sign in. `territory`: official code, or "MA" for the country.

    `otp_secret` (base32) and `otp_uri` are empty where the password alone is enough.
    """

    email: str
    password: str
    name_ar: str
    name_latn: str
    role: str
    territory: str
    otp_secret: str
    otp_uri: str


@dataclass(frozen=True)
class _Part:
    who: str
    name_ar: str
    name_latn: str
    role: Role
    institution: dict[str, Any]
    territory: dict[str, Any]
    language: str = "ar"
    also: tuple[tuple[Role, dict[str, Any], dict[str, Any]], ...] = ()
    """Further posts: role, institution, territory."""

    @property
    def email(self) -> str:
        return f"{self.who}@{DOMAIN}"

    @property
    def decides(self) -> bool:
        return any(role in DECIDING_ROLES for role, _where, _territory in self.posts)

    @property
    def posts(self) -> tuple[tuple[Role, dict[str, Any], dict[str, Any]], ...]:
        return (self.role, self.institution, self.territory), *self.also


_COUNTRY = {"national": True}
_MINISTRY = {"kind": Kind.MINISTRY, "valid_from": 2021}
_CAST = (
    _Part(
        "youssef",
        "يوسف أيت لحسن",
        "Youssef Aït Lahcen",
        Role.COUNTER_AGENT,
        {"kind": Kind.CHAMBER_CRAFTS, "region_id": "09"},
        {"province_id": "09.541"},
    ),
    _Part(
        "driss",
        "إدريس بنجلون",
        "Driss Benjelloun",
        Role.COUNTER_AGENT,
        {"kind": Kind.CHAMBER_CRAFTS, "region_id": "06"},
        {"province_id": "06.141"},
    ),
    _Part(
        "naima",
        "نعيمة أوبلا",
        "Naïma Oubella",
        Role.FIELD_AGENT,
        {"kind": Kind.DIRECTORATE_PROVINCIAL, "region_id": "08"},
        {"region_id": "08"},
        "zgh",
    ),
    _Part(
        "salma",
        "سلمى ماء العينين",
        "Salma Maelainine",
        Role.COUNTER_AGENT,
        {"kind": Kind.CHAMBER_CRAFTS, "region_id": "10"},
        {"province_id": "10.261"},
    ),
    _Part(
        "hassan",
        "حسن أمزيل",
        "Hassan Amzil",
        Role.CHAMBER_STAFF,
        {"kind": Kind.CHAMBER_CRAFTS, "region_id": "09"},
        {"region_id": "09"},
    ),
    _Part(
        "khadija",
        "خديجة الشرقاوي",
        "Khadija Cherkaoui",
        Role.DIRECTORATE,
        {"kind": Kind.DIRECTORATE_REGIONAL, "region_id": "06"},
        {"region_id": "06"},
        "fr",
    ),
    _Part(
        "karim",
        "كريم التازي",
        "Karim Tazi",
        Role.FUND_LIAISON,
        {"kind": Kind.AGENCY, "name_fr__contains": "(CNSS)"},
        _COUNTRY,
        "fr",
    ),
    _Part("amal", "أمل العلوي", "Amal Alaoui", Role.PROGRAMME_LEAD, _MINISTRY, _COUNTRY),
    _Part("nadia", "نادية برادة", "Nadia Berrada", Role.AUDITOR, _MINISTRY, _COUNTRY, "fr"),
    _Part("brahim", "إبراهيم أوعلي", "Brahim Ouali", Role.ADMINISTRATOR, _MINISTRY, _COUNTRY),
    _Part(
        "widad",
        "وداد العمراني",
        "Widad Amrani",
        Role.AUDITOR,
        _MINISTRY,
        _COUNTRY,
        also=(
            (
                Role.CHAMBER_STAFF,
                {"kind": Kind.CHAMBER_CRAFTS, "region_id": "09"},
                {"province_id": "09.541"},
            ),
        ),
    ),
)


def create_demonstration_accounts(*, actor: Actor, at: dt.datetime) -> list[DemonstrationAccount]:
    """Make the accounts with posts and second factors; places and institutions are loaded.

    Safe to repeat: passwords stay those of `var/demo-accounts.json`, and accounts whose password or
    second factor was changed get the ones written there again.
    """
    actor.require_everywhere(Role.SYSTEM)
    accounts = _kept_or_drawn()
    _keep(accounts)
    with acting(actor, at=at):
        for part, shown in zip(_CAST, accounts, strict=True):
            account = _account_for(part, shown, actor, at)
            for post in part.posts:
                _give_post(account, *post, actor, at)
            if part.decides:
                _set_second_factor(account, shown.otp_secret)
    return accounts


def known_demonstration_accounts() -> list[DemonstrationAccount]:
    """The accounts made on this installation, as kept under `var/`; none where none were made."""
    kept = _kept()
    return [kept[part.email] for part in _CAST if part.email in kept]


def current_code(email: str, *, at: dt.datetime) -> str:
    """The six digits that `email` signs in with at the moment `at` (RFC 6238).

    For demonstration accounts only: other people's secrets are not read.
    """
    account = _kept().get(email.strip().lower())
    if account is None:
        raise errors.DemonstrationAccountUnknown(email=email[:80])
    if not account.otp_secret:
        raise errors.NoSecondFactor(email=account.email)
    counter = int(at.timestamp()) // TOTP_SECONDS
    return str(format_hotp_value(hotp_value(account.otp_secret, counter)))


def _account_for(
    part: _Part, shown: DemonstrationAccount, actor: Actor, at: dt.datetime
) -> Account:
    account = Account.objects.filter(email=part.email).first()
    if account is None:
        made = create_account(
            email=part.email,
            name=part.name_ar,
            name_latn=part.name_latn,
            language=part.language,
            password=shown.password,
            must_change=False,
            actor=actor,
            at=at,
        )
        return Account.objects.get(pk=made.account_id)
    if not account.check_password(shown.password) or not account.is_active:
        account.set_password(shown.password)
        account.is_active, account.must_change_password = True, False
        account.save(update_fields=["password", "is_active"])
    return account


def _give_post(
    account: Account,
    role: Role,
    where: dict[str, Any],
    territory: dict[str, Any],
    actor: Actor,
    at: dt.datetime,
) -> None:
    if Post.objects.filter(account=account, role=role, held_until=None).exists():
        return
    institution = Institution.objects.filter(**where).order_by("pk")[0]
    terms = PostTerms(role.value, institution.pk, SINCE, **territory)
    hold_post(account_id=account.pk, terms=terms, actor=actor, at=at)


def _set_second_factor(account: Account, secret: str) -> None:
    kept = Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).first()
    if kept is not None and decrypt(kept.data["secret"]) == secret:
        return
    if kept is not None:
        kept.delete()
    TOTP.activate(account, secret)


def _kept_or_drawn() -> list[DemonstrationAccount]:
    kept = _kept()
    return [kept.get(part.email) or _drawn(part) for part in _CAST]


def _drawn(part: _Part) -> DemonstrationAccount:
    secret = base64.b32encode(secrets.token_bytes(20)).decode() if part.decides else ""
    terms = PostTerms(part.role.value, 0, SINCE, **part.territory)
    return DemonstrationAccount(
        email=part.email,
        password=_password(),
        name_ar=part.name_ar,
        name_latn=part.name_latn,
        role=part.role.value,
        territory=territory_label(terms),
        otp_secret=secret,
        otp_uri=_otp_uri(part.email, secret) if secret else "",
    )


def _password() -> str:
    """Three groups of four letters and digits (59 bits): easy to copy by hand."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))


def _otp_uri(email: str, secret: str) -> str:
    issuer = quote(settings.MFA_TOTP_ISSUER)
    return f"otpauth://totp/{issuer}:{quote(email)}?secret={secret}&issuer={issuer}"


def _file() -> Path:
    return Path(settings.VAR) / "demo-accounts.json"


def _kept() -> dict[str, DemonstrationAccount]:
    try:
        rows = json.loads(_file().read_text(encoding="utf-8"))
        return {row["email"]: DemonstrationAccount(**row) for row in rows}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError):
        # Damaged or from another version: new passwords are drawn and set.
        return {}


def _keep(accounts: list[DemonstrationAccount]) -> None:
    target = _file()
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(f".{os.getpid()}")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump([dataclasses.asdict(a) for a in accounts], file, ensure_ascii=False, indent=1)
    partial.replace(target)
