"""What a claim brings back: asked in one way by its page, its trial and its assessment."""

from __future__ import annotations

import datetime as dt

from qafila.care.models import Claim
from qafila.care.tariffs.assessing import Estimate, estimate
from qafila.foundation.actors import Scope


def estimate_of(claim: Claim, *, filed_on: dt.date | None, scope: Scope) -> Estimate:
    """What the law gives back for the care of `claim`, its papers in on `filed_on`.

    `filed_on` None: they are not in yet. Raises what `estimate` raises.
    """
    return estimate(
        insured_id=claim.insured_id,
        patient_id=claim.patient_id,
        act_code=claim.act_code,
        care_on=claim.care_on,
        paid_centimes=claim.paid_by_person_centimes,
        quantity=claim.quantity,
        place=claim.place,
        illness=claim.illness,
        filed_on=filed_on,
        deadline_waived=claim.deadline_waived,
        scope=scope,
    )
