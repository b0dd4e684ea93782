"""From a stored file to rows with decisions: what the preview shows, and nothing is posted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction

from ims.accounts.reference_book import ReferenceBook, reference_book
from ims.imports import selectors, states
from ims.imports.deciding import NO_RULE, Decide, Decision, Reject, decider, rejecter, settle
from ims.imports.errors import AlreadyReceived, WrongAccount
from ims.imports.formats.base import HEAD_BYTES, ImportFormat, ParsedRow, RejectedRow
from ims.imports.formats.registry import detect, get
from ims.imports.models import ImportFile, ImportRow
from ims.imports.rules import compile_rules
from ims.ledger.periods import PeriodFinder
from ims_kernel import files
from ims_kernel.copying import DayTexts, copy_rows
from ims_kernel.errors import ImsError

_COPY = (
    "COPY imports_importrow (import_file_id, row_number, line_number, outcome, fund_code, "
    "account_reference, rule_id, reason_code, reason, amount_pence, received_on, effective_on, "
    "payer, reference, narrative, bank_reference, bank_code, text) FROM STDIN"
)
Outcome = ImportRow.Outcome


_Line = ParsedRow | RejectedRow
_Judged = tuple[_Line, Decision]
_UNREAD = Decision("", "", None, NO_RULE)
# Lines whose accounts are looked up in one query.
LOOK_UP_ROWS = 5_000


class _Judge(NamedTuple):
    """What becomes of a line, and why the ledger could not take it."""

    decide: Decide
    reject: Reject
    references: ReferenceBook

    def decided(self, lines: Iterator[_Line]) -> Iterator[Iterator[_Judged]]:
        """The lines with their decisions, in the pieces that are copied one after another.

        All in one piece, unless accounts must be looked up: that is a query for each thousand
        lines, which cannot be asked while a piece is on its way.
        """
        if not self.references.asks_accounts:
            yield ((line, self._decide(line)) for line in lines)
            return
        while piece := list(islice(lines, LOOK_UP_ROWS)):
            decisions = settle([self._decide(line) for line in piece], self.references)
            yield zip(piece, decisions, strict=True)

    def _decide(self, line: _Line) -> Decision:
        return _UNREAD if isinstance(line, RejectedRow) else self.decide(line)


@dataclass(slots=True)
class _Tally:
    """What was read so far."""

    rows: int = 0
    total_pence: int = 0
    unreadable: int = 0
    rejected: int = 0
    rejected_pence: int = 0
    accounts: set[str] = field(default_factory=set)
    content: Any = field(default_factory=lambda: hashlib.blake2b(digest_size=16))


def read_file(import_id: int) -> ImportFile:
    """Read a received file, or read a ready one again by today's rules. Idempotent.

    A file that cannot be used becomes `rejected`, with the reason in `refusal` and no rows. A row
    that cannot be used is kept with its reason and does not take the others with it.
    """
    with transaction.atomic():
        found = (
            ImportFile.objects.select_for_update(of=("self",))
            .select_related("profile")
            .get(pk=import_id)
        )
        next_state = states.after(found.state, "read")
        found.rules_key = selectors.rules_key()
        try:
            with transaction.atomic():
                _fill(found)
                found.state, found.refusal = next_state, ""
                found.save()
        except ImsError as error:
            _refuse(import_id, error.message)
        except IntegrityError:
            _refuse(import_id, _twin(found).message)
    return selectors.get_import(import_id)


def _refuse(import_id: int, message: str) -> None:
    found = ImportFile.objects.get(pk=import_id)
    found.state = states.after(found.state, "refuse")
    found.refusal = message
    found.save(update_fields=["state", "refusal"])


def _twin(found: ImportFile) -> AlreadyReceived:
    twin = (
        ImportFile.objects.filter(content_key=found.content_key)
        .exclude(pk=found.pk)
        .exclude(state=states.REJECTED)
        .first()
    )
    when = f"{twin.received_at:%-d %B %Y}" if twin else "before"
    name = twin.file_name if twin else "another file"
    return AlreadyReceived(
        f"This file has the same lines as {name}, received on {when}. Nothing was imported twice."
    )


def _fill(found: ImportFile) -> None:
    ImportRow.objects.filter(import_file_id=found.pk).delete()
    tally = _Tally()
    with files.open_stored(found.stored_path) as stream:
        head = stream.read(HEAD_BYTES)
        stream.seek(0)
        adapter = get(found.profile.format_code) if found.profile.format_code else detect(head)
        reading = adapter.parse(stream)
        judge = _judge(found.profile.method_code)
        for piece in judge.decided(iter(reading)):
            copy_rows(_COPY, _rows(found.pk, piece, adapter, judge, tally))
    _check_account(found, tally.accounts)
    controls = reading.controls
    found.format_code = adapter.code
    found.bank_account = controls.bank_account
    found.statement_id = controls.statement_id[:80]
    found.declared_pence = controls.total_pence
    # Of no line at all nothing can be a twin.
    found.content_key = tally.content.hexdigest() if tally.rows > tally.unreadable else ""
    found.row_count, found.total_pence = tally.rows, tally.total_pence
    found.rejected_count, found.rejected_pence = tally.rejected, tally.rejected_pence


def _judge(method_code: str) -> _Judge:
    references = reference_book()
    known = references.book
    known.method(method_code)
    rules = compile_rules(selectors.active_rules(), known.account_patterns())
    return _Judge(decider(rules, references), rejecter(known, PeriodFinder()), references)


def _rows(
    import_id: int,
    judged: Iterator[_Judged],
    adapter: ImportFormat,
    judge: _Judge,
    tally: _Tally,
) -> Iterator[tuple[Any, ...]]:
    days = DayTexts()
    for number, (row, decision) in enumerate(judged, start=tally.rows + 1):
        tally.rows = number
        tally.total_pence += row.amount_pence or 0
        if isinstance(row, RejectedRow):
            # Not part of the content: a footer may say when the bank's page was opened.
            tally.unreadable += 1
            yield _rejected(import_id, number, row, tally)
            continue
        tally.content.update(adapter.dedupe_key(row).encode())
        tally.accounts.add(row.bank_account)
        problem = judge.reject(row, decision)
        if problem:
            refused = RejectedRow(row.line_number, row.text, problem, row.amount_pence)
            yield _rejected(import_id, number, refused, tally)
        else:
            yield _decided(import_id, number, row, decision, days)


def _rejected(import_id: int, number: int, row: RejectedRow, tally: _Tally) -> tuple[Any, ...]:
    tally.rejected += 1
    tally.rejected_pence += row.amount_pence or 0
    return (
        import_id, number, row.line_number, Outcome.REJECT.value, "", "", None, "row_rejected",
        row.reason[:500], row.amount_pence, None, None, "", "", "", "", "", row.text,
    )  # fmt: skip


def _decided(
    import_id: int, number: int, row: ParsedRow, decision: Decision, days: DayTexts
) -> tuple[Any, ...]:
    park = decision.park
    return (
        import_id, number, row.line_number,
        Outcome.POST.value if park is None else Outcome.PARK.value,
        decision.fund_code, decision.account_reference[:40], decision.rule_id,
        "" if park is None else park.code, "" if park is None else park.reason[:300],
        row.amount_pence, days[row.received_on], days[row.effective_on], row.payer, row.reference,
        row.narrative, row.bank_reference, row.bank_code, row.text,
    )  # fmt: skip


def _check_account(found: ImportFile, accounts: set[str]) -> None:
    expected = found.profile.bank_account
    others = sorted(account for account in accounts if account and account != expected)
    if expected and others:
        shown = ", ".join(_masked(account) for account in others[:3])
        raise WrongAccount(
            f"This file is for bank account {shown}. The profile “{found.profile.name}” takes "
            f"account {_masked(expected)}. Choose the other profile, or ask for the right file."
        )


def _masked(account: str) -> str:
    return f"ending {account[-4:]}"
