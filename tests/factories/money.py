"""Receipts for tests, of any council: made through the same door as real ones."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction

from ims.funds.selectors import FundFacts, book
from ims.imports import posting, reading, services
from ims.imports.models import ImportFile
from ims.receipts.allocation import Park
from ims.receipts.services import ReceiptDraft, take_batch
from ims_config.demo.bank_files import BankLine, write_lloyds_csv
from ims_kernel import clock
from ims_kernel.identity.permissions import system

ACTOR = system("Test")
_ACCOUNTS = {
    "CT": "77{:07d}",
    "HR": "6{:010d}",
    "TW": "TW{:05d}",
    "10": "5{:08d}",
    "20": "MS{:04d}",
}
UNKNOWN = Park("no_rule", "No rule recognises this line.")


@dataclass(frozen=True, slots=True)
class Payment:
    """What a test says of a payment; the rest is made up. `days_ago` counts from today."""

    amount_pence: int = 12_345
    days_ago: int = 0
    payer: str = "A Winterbourne"
    reference: str = "REF 1"
    narrative: str = "FASTER PAYMENT"
    method: str = ""
    fund: str = ""
    account: str = ""
    parked: bool = False


def take(*payments: Payment) -> list[int]:
    """Take payments in the council at hand; returns their entries' ids in order.

    Without a fund or method, the council's first by code.
    """
    with transaction.atomic():
        drafts = [_draft(payment) for payment in payments]
        return take_batch(drafts, actor=ACTOR, at=clock.now()).entry_ids


def first_fund() -> FundFacts:
    """The first fund of income of the council at hand."""
    return next(f for f in book().funds.values() if not f.is_suspense and f.pattern.text)


def account_of(fund: FundFacts, number: int = 1) -> str:
    """An account the fund's pattern takes, for the funds of tests/samples/starters."""
    return _ACCOUNTS[fund.code].format(number)


def bank_file(*lines: BankLine, name: str = "statement.csv") -> ImportFile:
    """A bank file received and read, ready to post, under the profile called `bank`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write_lloyds_csv(path, lines)
        upload = services.Upload(name, [path.read_bytes()], "bank")
    received = services.receive(upload, actor=ACTOR, at=clock.now(), read_later=False)
    return reading.read_file(received.pk)


def post(found: ImportFile) -> ImportFile:
    """Post a file that is ready, at once."""
    services.request_post(found.pk, actor=ACTOR, at=clock.now(), post_later=False)
    return posting.post_file(found.pk, clock=clock.now)


def _draft(payment: Payment) -> ReceiptDraft:
    known = book()
    fund = known.fund(payment.fund) if payment.fund else first_fund()
    method = payment.method or known.method_for("bank").code
    on = day(payment.days_ago)
    return ReceiptDraft(
        method,
        "" if payment.parked else fund.code,
        "" if payment.parked else payment.account or account_of(fund),
        payment.amount_pence,
        on,
        on,
        payment.payer,
        payment.reference,
        payment.narrative,
        park=UNKNOWN if payment.parked else None,
    )


def day(days_ago: int) -> date:
    """A day before today."""
    return clock.today() - timedelta(days=days_ago)
