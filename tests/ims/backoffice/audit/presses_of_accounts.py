"""What is pressed on the pages of accounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.test import Client

from ims.accounts import editing
from ims.accounts.models import AccountHolder
from ims_kernel import clock
from tests.factories.accounts import applied, csv_of, line, preview
from tests.ims.backoffice.audit.press import Press
from tests.ims.backoffice.bank_day import PRIYA, uploaded

FILE = csv_of(line("770000001"))
ACCOUNT = {
    "fund": "CT", "reference": "770000009", "surname": "Singh", "balance_pence": "12.50",
    "postcode": "NM1 1AA", "balance_on": "3/8/2026",
}  # fmt: skip


def _held() -> AccountHolder:
    applied(FILE)
    return AccountHolder.objects.get(reference="770000001")


def _change(_client: Client) -> Press:
    found = _held()
    return Press((found.pk,), {"surname": "Kaur", "balance_pence": "0", "seen": str(found.digest)})


def _closed() -> AccountHolder:
    found = _held()
    editing.close_account(found.pk, reason="Moved", actor=PRIYA, at=clock.now())
    return found


def _read_again(_client: Client) -> Press:
    found = preview(FILE)
    applied(csv_of(line("770000002")), mode="delta")
    return Press((found.pk,))


EXAMPLES: Mapping[str, Callable[[Client], Press]] = {
    "account_add": lambda _: Press(data=ACCOUNT),
    "account_change": _change,
    "account_close": lambda _: Press((_held().pk,), {"reason": "Moved"}),
    "account_reopen": lambda _: Press((_closed().pk,), {"reason": "A mistake"}),
    "account_upload": lambda _: Press(
        data={"fund": "CT", "mode": "full", "file": uploaded(FILE, "accounts.csv")}
    ),
    "account_apply": lambda _: Press((preview(FILE).pk,)),
    "account_read_again": _read_again,
    "account_discard": lambda _: Press((preview(FILE).pk,), {"reason": "Too early"}),
}
