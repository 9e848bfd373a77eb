"""Files of payments and single payments in tables and figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from qafila.contributions.payments.booking import PaymentFileOutcome
from qafila.contributions.payments.file_queries import BookedFile, booked_files
from qafila.contributions.payments.problems import PaymentProblem, problem_sentence
from qafila.contributions.payments.queries import PaymentTold
from qafila.exchange.payments.inbox import InboxEntry, InboxFile
from qafila.web.design.components import (
    TAGS,
    Column,
    Fact,
    Progress,
    Row,
    Stat,
    Table,
    Tag,
)
from qafila.web.design.figures import money_text, month_text, number_text
from qafila.web.design.record_list import Record
from qafila.web.payments.forms import channel_word
from qafila.web.records.tables import records_of

MOST_PROBLEMS = 500
INBOX_STATES = {
    "waiting": Tag(pgettext_lazy("payment file", "Waits to be checked"), "info", "waiting"),
    "checking": Tag(pgettext_lazy("payment file", "Being checked"), "info", "waiting"),
    "stopped": Tag(pgettext_lazy("payment file", "Check stopped half-way"), "bad", "pause"),
    "refused": Tag(pgettext_lazy("payment file", "Refused"), "bad", "bad"),
    "known": Tag(pgettext_lazy("payment file", "Booked before"), "warn", "warn"),
    "checked": Tag(pgettext_lazy("payment file", "Checked, not booked"), "info", "file"),
    "booking_waits": Tag(pgettext_lazy("payment file", "Waits to be booked"), "info", "waiting"),
    "booking": Tag(pgettext_lazy("payment file", "Being booked"), "info", "waiting"),
    "booking_stopped": Tag(pgettext_lazy("payment file", "Booking stopped"), "bad", "pause"),
}
UNDER_WAY = frozenset({"waiting", "checking", "booking_waits", "booking"})


def files_table(files: Iterable[BookedFile]) -> Table:
    """The booked files, the latest first, each with its balance."""
    columns = [
        Column("name", pgettext("money", "File name")),
        Column("channel", pgettext("money", "Channel")),
        Column("at", pgettext("money", "Received on"), "moment"),
        Column("by", pgettext("money", "Received by")),
        Column("read", _("Rows read"), "number"),
        Column("accepted", _("Accepted"), "number"),
        Column("rejected", _("Rejected"), "number"),
        Column("repeated", _("Repeated"), "number"),
        Column("sum", pgettext("money", "Booked"), "money"),
    ]
    rows = [
        Row(
            {
                "name": file.file_name,
                "channel": channel_word(file.channel),
                "at": file.received_at,
                "by": file.received_by,
                "read": file.rows_read,
                "accepted": file.rows_accepted,
                "rejected": file.rows_rejected,
                "repeated": file.rows_repeated,
                "sum": file.booked_centimes,
            },
            href=reverse("payment_file", args=[file.file_id]),
        )
        for file in files
    ]
    return Table(_("Files booked"), columns, rows, empty=_("No file of payments was booked yet."))


class Files:
    """The booked files, the latest first, as the source of the list."""

    def read(self, after: str, count: int) -> list[BookedFile]:
        """The files that come next."""
        before = int(after) if after.isascii() and after.isdigit() and len(after) < 18 else None
        return booked_files(before=before, count=count)

    def show(self, found: Sequence[BookedFile]) -> list[Record]:
        """The files as records."""
        return records_of(files_table(found).rows)

    def place(self, one: BookedFile) -> str:
        """Where a file stands."""
        return str(one.file_id)


def inbox_table(files: Iterable[InboxEntry]) -> Table:
    """The reader's own files that are not booked yet; each leads to its check."""
    columns = [
        Column("name", pgettext("money", "File name")),
        Column("channel", pgettext("money", "Channel")),
        Column("state", _("State"), "tag"),
    ]
    rows = [
        Row(
            {
                "name": file.file_name,
                "channel": channel_word(file.channel),
                "state": INBOX_STATES[file.state],
            },
            href=reverse("payment_check", args=[file.name]),
        )
        for file in files
    ]
    return Table(_("Your files not booked yet"), columns, rows)


def inbox_bar(file: InboxFile) -> Progress | None:
    """What is being done with the file; how long it takes is not known before its end."""
    waits = _("A worker takes it up as soon as one is free.")
    if file.state in ("waiting", "booking_waits"):
        label = _("Check of the file") if file.state == "waiting" else _("Booking of the file")
        return Progress(label, 0, None, waits)
    if file.state == "booking":
        rows = file.checked.rows_accepted if file.checked else 0
        return Progress(_("Booking of the file"), rows, None, _rows_told(rows))
    if file.state == "checking":
        read = file.rows_read
        note = _("The file is being read.") if read is None else _compared_told(read)
        return Progress(_("Check of the file"), read or 0, None, note)
    return None


def unshown(file: InboxFile) -> int:
    """How many rejected rows the page of the check does not show."""
    return file.checked.rows_rejected - len(file.checked.problems) if file.checked else 0


def _compared_told(rows: int) -> str:
    told = ngettext(
        "%(rows)s row was read. It is being checked against people and accounts.",
        "%(rows)s rows were read. They are being checked against people and accounts.",
        rows,
    )
    return told % {"rows": number_text(rows)}


def _rows_told(rows: int) -> str:
    told = ngettext("%(rows)s row is booked.", "%(rows)s rows are booked.", rows)
    return told % {"rows": number_text(rows)}


def balance(outcome: PaymentFileOutcome) -> list[Stat]:
    """What booking would do: the rows and the sum."""
    return [
        *_rows(
            outcome.rows_read, outcome.rows_accepted, outcome.rows_rejected, outcome.rows_repeated
        ),
        Stat(pgettext("money", "Would be booked"), money_text(outcome.total_centimes)),
    ]


def balance_of_file(file: BookedFile) -> list[Stat]:
    """What was booked: the rows and the sum."""
    return [
        *_rows(file.rows_read, file.rows_accepted, file.rows_rejected, file.rows_repeated),
        Stat(pgettext("money", "Booked"), money_text(file.booked_centimes)),
    ]


def _rows(read: int, accepted: int, rejected: int, repeated: int) -> list[Stat]:
    return [
        Stat(_("Rows read"), number_text(read)),
        Stat(_("Accepted"), number_text(accepted)),
        Stat(_("Rejected"), number_text(rejected)),
        Stat(_("Repeated"), number_text(repeated)),
    ]


def problems_table(problems: Sequence[PaymentProblem]) -> Table:
    """Each rejected row with what is wrong and what to do; the first five hundred."""
    columns = [Column("row", _("Row"), "number"), Column("why", _("Reason"))]
    rows = [
        Row({"row": one.row, "why": problem_sentence(one.code, one.params)})
        for one in problems[:MOST_PROBLEMS]
    ]
    return Table(_("Rows rejected"), columns, rows, empty=_("No row was rejected."))


def payment_facts(payment: PaymentTold) -> list[Fact]:
    """What the payment says of itself."""
    facts = [
        Fact(pgettext("money", "Sum"), payment.amount_centimes, "money"),
        Fact(pgettext("money", "Paid on"), payment.paid_on, "day"),
        Fact(pgettext("money", "Channel"), channel_word(payment.channel)),
        Fact(pgettext("money", "Reference"), payment.reference, "identifier"),
    ]
    if payment.unallocated_centimes:
        left = payment.unallocated_centimes
        facts.append(Fact(pgettext("money", "Left for months to come"), left, "money"))
    if payment.reversed_on:
        facts.append(Fact(pgettext("money", "Reversed on"), payment.reversed_on, "day"))
        facts.append(Fact(pgettext("money", "Why"), payment.reversal_reason))
    return facts


def months_table(payment: PaymentTold) -> Table:
    """The months the payment went to."""
    columns = [
        Column("month", pgettext("money", "Month")),
        Column("sum", pgettext("money", "Sum"), "money"),
        Column("state", pgettext("money", "The month"), "tag"),
    ]
    rows = [
        Row(
            {
                "month": month_text(one.month),
                "sum": one.centimes,
                "state": TAGS["paid"] if one.settled else TAGS["unpaid"],
            }
        )
        for one in payment.months
    ]
    return Table(_("What it settled"), columns, rows, empty=_("It settles no month yet."))
