"""`qafila claims …`: care declared, and one claim carried on from its papers to its payment."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from qafila.cli.rooms.acting import centimes_of, day_of, tell, who_acts

claims_app = typer.Typer(help="Claims for care of one person.", no_args_is_help=True)
_Claim = Annotated[int, typer.Argument(help="Number of the claim.")]


class Step(StrEnum):
    """What is done with a claim."""

    RECEIVE = "receive"
    ASSESS = "assess"
    AGREE = "agree"
    PAY = "pay"
    REFUSE = "refuse"
    APPEAL = "appeal"
    GRANT = "grant"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    UNDO = "undo"


ACTION_OF = {
    Step.RECEIVE: "receive_claim",
    Step.ASSESS: "assess_claim",
    Step.AGREE: "agree_as_doctor",
    Step.PAY: "pay_claim",
    Step.REFUSE: "refuse_claim",
    Step.APPEAL: "appeal_claim",
    Step.GRANT: "grant_appeal",
    Step.REJECT: "reject_appeal",
    Step.WITHDRAW: "withdraw_claim",
    Step.UNDO: "undo_decision",
}
_REASONED = (Step.AGREE, Step.REFUSE, Step.APPEAL, Step.REJECT, Step.UNDO)


@claims_app.command("declare")
def declare(
    insured: Annotated[int, typer.Argument(help="File number of the insured person.")],
    act: Annotated[str, typer.Argument(help="Code of the act, as in the tariffs.")],
    on: Annotated[str, typer.Option(help="Day of care, such as 2026-11-22.")],
    paid: Annotated[str, typer.Option(help="What was paid in dirhams, such as 200.50.")],
    patient: Annotated[int | None, typer.Option(help="File number of a member cared for.")] = None,
    place: Annotated[str, typer.Option(help="public, private or abroad.")] = "private",
    illness: Annotated[str, typer.Option(help="ald or alc, for a long illness.")] = "",
    documents: Annotated[int, typer.Option(help="How many papers come with it.")] = 1,
    quantity: Annotated[int, typer.Option(help="How many boxes or sessions.")] = 1,
    another_time: Annotated[bool, typer.Option(help="A second time on that day.")] = False,
) -> None:
    """Declare care that was paid for; the papers can follow within the time limit."""
    who = who_acts()
    from qafila.care.claims.actions import declare_claim

    tell(
        declare_claim(
            insured_id=insured,
            patient_id=patient,
            act_code=act,
            care_on=day_of(on),
            paid_centimes=centimes_of(paid),
            place=place,
            illness=illness,
            documents=documents,
            quantity=quantity,
            another_time=another_time,
            **who,
        )
    )


@claims_app.command("move")
def move(
    claim: _Claim,
    step: Annotated[Step, typer.Argument(help="What is done with it.")],
    reason: Annotated[str, typer.Option(help="Why; the person receives it.")] = "",
    reference: Annotated[str, typer.Option(help="With pay: number of the transfer.")] = "",
    excuse: Annotated[str, typer.Option(help="With appeal: why it comes late.")] = "",
    waive_deadline: Annotated[bool, typer.Option(help="With grant: excuse late papers.")] = False,
) -> None:
    """Carry a claim on; what the step does not ask for is left out."""
    who = who_acts()
    from qafila.care.claims import actions

    told: dict[str, Any] = {"reason": reason} if step in _REASONED else {}
    if step is Step.PAY:
        told["reference"] = reference
    if step is Step.APPEAL:
        told["late_excuse"] = excuse
    if step is Step.GRANT:
        told["waive_deadline"] = waive_deadline
    tell(getattr(actions, ACTION_OF[step])(claim_id=claim, **told, **who))
