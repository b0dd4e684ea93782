"""Adding, changing and closing an account by hand, for a council or a fund without files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from ims.accounts.cells import (
    canonical_reference,
    digest_of,
    is_formula,
    name_key,
    tidy_postcode,
)
from ims.accounts.columns import TEXTS
from ims.accounts.errors import (
    AccountChangedMeanwhile,
    AccountNotFound,
    AccountRefused,
    ReferenceTaken,
)
from ims.accounts.models import AccountHolder, AccountMessage, FundAccounts
from ims.accounts.row_reader import NULL
from ims.funds.selectors import book
from ims_kernel.audit.services import Subject, record
from ims_kernel.identity.permissions import Actor

# What a person may fill in; `message` is a message's code, or "".
EDITABLE = (*(column.field for column in TEXTS), "balance_pence", "balance_on", "message")
_CLOSE, _REOPEN = "accounts.close", "accounts.reopen"


def add_account(
    fund_code: str, values: Mapping[str, Any], *, actor: Actor, at: datetime
) -> AccountHolder:
    """Add an account. `values` names EDITABLE fields: texts, `balance_pence` (int pence),
    `balance_on` (date or None) and `message`; those left out are empty.

    Raises FundNotFound, ReferenceTaken, AccountRefused.
    """
    actor.require("accounts.edit", fund=fund_code)
    fund = book().fund(fund_code)
    with transaction.atomic():
        totals = _hold(fund.id)
        account = AccountHolder(fund_id=fund.id, updated_at=at)
        _fill(account, values)
        if AccountHolder.objects.filter(fund_id=fund.id, reference=account.reference).exists():
            raise ReferenceTaken(
                f"{fund.name} has an account {account.reference} already.", field="reference"
            )
        account.save()
        totals.open_count += 1
        _moved(totals)
        record(actor, "accounts.add", _subject(account), at=at, fund=fund_code)
    return account


def change_account(
    account_id: int,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    at: datetime,
    seen: str,
    reason: str = "",
) -> AccountHolder:
    """Change what `values` names; the reference stays what it is.

    `seen` is the account's digest when it was opened. Raises AccountNotFound, AccountRefused, or
    AccountChangedMeanwhile when somebody else, or a load, changed it since.
    """
    actor.require("accounts.edit")
    with transaction.atomic():
        account, totals = _locked(account_id)
        actor.require("accounts.edit", fund=account.fund.code)
        if str(account.digest) != seen:
            raise AccountChangedMeanwhile(
                "Somebody changed this account while you had it open. Look at it again, then make "
                "your change."
            )
        before = _facts(account)
        _fill(account, {**values, "reference": account.reference})
        # Names of fields only: the audit must hold no personal data.
        changed = sorted(name for name, value in _facts(account).items() if value != before[name])
        if changed:
            account.updated_at = at
            account.save()
            _moved(totals)
            record(
                actor, "accounts.change", _subject(account), at=at, reason=reason, changed=changed
            )
    return account


def close_account(account_id: int, *, reason: str, actor: Actor, at: datetime) -> AccountHolder:
    """Close an account; it stays findable. Closing it again changes nothing."""
    return _set_closed(account_id, reason, actor, at, close=True)


def reopen_account(account_id: int, *, reason: str, actor: Actor, at: datetime) -> AccountHolder:
    """Open a closed account again. Raises AccountNotFound."""
    return _set_closed(account_id, reason, actor, at, close=False)


def _set_closed(
    account_id: int, reason: str, actor: Actor, at: datetime, *, close: bool
) -> AccountHolder:
    actor.require("accounts.edit")
    with transaction.atomic():
        account, totals = _locked(account_id)
        actor.require("accounts.edit", fund=account.fund.code)
        if account.is_closed == close:
            return account
        account.is_closed, account.closed_at = close, at if close else None
        account.updated_at = at
        account.save(update_fields=["is_closed", "closed_at", "updated_at"])
        step = -1 if close else 1
        totals.open_count += step
        totals.closed_count -= step
        _moved(totals)
        record(actor, _CLOSE if close else _REOPEN, _subject(account), at=at, reason=reason)
    return account


def _hold(fund_id: int) -> FundAccounts:
    FundAccounts.objects.get_or_create(fund_id=fund_id)
    return FundAccounts.objects.select_for_update().get(fund_id=fund_id)


def _moved(totals: FundAccounts) -> None:
    totals.version += 1
    totals.save(update_fields=["version", "open_count", "closed_count"])


def _locked(account_id: int) -> tuple[AccountHolder, FundAccounts]:
    fund_id = AccountHolder.objects.filter(pk=account_id).values_list("fund_id", flat=True).first()
    if fund_id is None:
        raise AccountNotFound("There is no such account.", id=account_id)
    totals = _hold(fund_id)
    locked = AccountHolder.objects.select_for_update(of=("self",)).select_related("fund")
    return locked.get(pk=account_id), totals


def _subject(account: AccountHolder) -> Subject:
    return Subject("account", account.pk)


def _facts(account: AccountHolder) -> dict[str, object]:
    names = [name for name in EDITABLE if name != "message"]
    return {name: getattr(account, name) for name in names} | {"message": account.message_id}


def _fill(account: AccountHolder, values: Mapping[str, Any]) -> None:
    for column in TEXTS:
        if column.field in values:
            setattr(account, column.field, _text(column.field, str(values[column.field] or "")))
    account.reference = canonical_reference(account.reference)
    if not account.reference:
        raise AccountRefused("Enter the reference of the account.", field="reference")
    account.postcode = tidy_postcode(account.postcode)
    account.name_key = name_key(account.surname)
    for name in ("balance_pence", "balance_on"):
        if name in values:
            setattr(account, name, values[name])
    if "message" in values:
        account.message = _message(account.fund_id, str(values["message"] or ""))
    account.digest = digest_of_account(account)


def _text(field: str, text: str) -> str:
    column = next(each for each in TEXTS if each.field == field)
    plain = " ".join(text.replace("\u00a0", " ").split())
    if not plain.isprintable():
        raise AccountRefused(
            f"The {column.words} has a character that cannot be seen.", field=field
        )
    if len(plain) > column.longest:
        raise AccountRefused(
            f"The {column.words} must be {column.longest} characters or fewer.", field=field
        )
    if is_formula(plain):
        raise AccountRefused(
            f"The {column.words} must not begin with “{plain[0]}”: a spreadsheet would run it.",
            field=field,
        )
    return plain


def _message(fund_id: int, code: str) -> AccountMessage | None:
    if not code:
        return None
    found = AccountMessage.objects.filter(fund_id=fund_id, code=code, is_active=True).first()
    if found is None:
        raise AccountRefused(f"This fund has no message “{code[:20]}” in use.", field="message")
    return found


def digest_of_account(account: AccountHolder) -> str:
    """The digest a file with these values would have, as `str(UUID)` writes it."""
    on: date | None = account.balance_on
    values = (
        account.balance_pence,
        NULL if account.period_debit_pence is None else account.period_debit_pence,
        NULL if account.period_credit_pence is None else account.period_credit_pence,
        NULL if on is None else on.isoformat(),
        NULL if account.message_id is None else account.message_id,
    )
    return digest_of([getattr(account, column.field) for column in TEXTS], values)
