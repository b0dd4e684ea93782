"""From a stored file to a preview, and from a preview to the accounts. Both may be killed and
asked for again: each is one transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from ims.accounts import staging, states
from ims.accounts.errors import LoadDoesNotAddUp
from ims.accounts.models import AccountLoad, AccountLoadRow, AccountMessage, FundAccounts
from ims.accounts.row_reader import Expected
from ims.accounts.selectors import asks_about_closing, get_load, load_settings
from ims_kernel import files
from ims_kernel.audit.services import Subject, record
from ims_kernel.errors import ImsError
from ims_kernel.identity.permissions import system

Outcome = AccountLoadRow.Outcome


def read_load(load_id: int) -> AccountLoad:
    """Read a received file, or a ready one again against the accounts of now. Idempotent.

    A file that cannot be used becomes `refused`, with the reason in `refusal`; when that is
    because of its many bad lines, they are kept to be downloaded.
    """
    with transaction.atomic():
        found = _locked(load_id)
        next_state = states.after(found.state, "read")
        try:
            with transaction.atomic():
                _fill(found)
                found.state, found.refusal = next_state, _too_many_rejected(found)
        except ImsError as error:
            found = _locked(load_id)
            found.refusal = error.message
        if found.refusal:
            staging.forget_differences(load_id)
            found.state = states.after(found.state, "refuse")
        found.save()
    return get_load(load_id)


def _locked(load_id: int) -> AccountLoad:
    return (
        AccountLoad.objects.select_for_update(of=("self",)).select_related("fund").get(pk=load_id)
    )


def _fill(found: AccountLoad) -> None:
    AccountLoadRow.objects.filter(load_id=found.pk).delete()
    # Before the accounts are looked at: a change in between makes the preview out of date.
    base, _ = FundAccounts.objects.get_or_create(fund_id=found.fund_id)
    with files.open_stored(found.stored_path) as stream:
        found.row_count = staging.stage(stream, expected_of(found), fund_id=found.fund_id)
    counts = staging.set_apart(
        found.pk, fund_id=found.fund_id, closes_missing=found.mode == AccountLoad.Mode.FULL
    )
    found.base_version, found.open_before_count = base.version, base.open_count
    found.added_count = counts.get(Outcome.ADD, 0)
    found.changed_count = counts.get(Outcome.CHANGE, 0)
    found.reopened_count = counts.get(Outcome.REOPEN, 0)
    found.closed_count = counts.get(Outcome.CLOSE, 0)
    found.rejected_count = counts.get(Outcome.REJECT, 0)
    said = AccountLoadRow.objects.filter(load_id=found.pk, line_number__isnull=False).count()
    found.unchanged_count = found.row_count - said


def expected_of(found: AccountLoad) -> Expected:
    """What the lines of a load are read against: its fund, and the fund's messages in use."""
    messages: dict[str, int] = {}
    for message in AccountMessage.objects.filter(fund_id=found.fund_id, is_active=True):
        if message.external_code:
            messages[message.external_code.upper()] = message.pk
        messages[message.code.upper()] = message.pk
    return Expected(found.fund.code, messages)


def _too_many_rejected(found: AccountLoad) -> str:
    """Why a file with so many bad lines is refused as a whole, or ""."""
    percent = load_settings().rejected_percent
    if not found.rejected_count or found.rejected_count * 100 < percent * found.row_count:
        return ""
    worst = list(
        AccountLoadRow.objects.filter(load_id=found.pk, outcome=Outcome.REJECT)
        .order_by("line_number")
        .values_list("line_number", "problem")[:3]
    )
    examples = " ".join(f"Line {number:,}: {problem}" for number, problem in worst)
    return (
        f"{found.rejected_count:,} of {found.row_count:,} lines cannot be used. A file with "
        f"{percent}% bad lines or more is not used at all, because it is likely to be the wrong "
        f"file or a broken one. {examples}"
    )


def begin_by_itself(load_id: int) -> bool:
    """Start applying a load that applies itself, unless somebody must be asked; whether it did."""
    with transaction.atomic():
        found = _locked(load_id)
        asks = bool(found.rejected_count) or asks_about_closing(found)
        if found.state != states.READY or not found.applies_itself or asks:
            return False
        found.state, found.applying_by = states.after(found.state, "apply"), found.received_by
        found.save(update_fields=["state", "applying_by"])
    return True


def apply_load(load_id: int, *, at: datetime) -> AccountLoad:
    """Make the accounts what the preview said, once. Does nothing to a load that is not `applying`.

    When accounts of the fund changed after the preview, the load goes back to `ready` and nothing
    is changed. Raises LoadDoesNotAddUp, and changes nothing, when other accounts were touched than
    the preview counted.
    """
    with transaction.atomic():
        found = _locked(load_id)
        if found.state != states.APPLYING:
            return found
        fund = FundAccounts.objects.select_for_update().get(fund_id=found.fund_id)
        if fund.version != found.base_version:
            found.state = states.after(found.state, "overtake")
            found.save(update_fields=["state"])
            return found
        _change(found, at)
        _count(fund, found, at)
        found.state, found.applied_at = states.after(found.state, "finish"), at
        found.save(update_fields=["state", "applied_at"])
        record(
            system(found.applying_by or "Accounts"), "accounts.apply_load",
            Subject("account_load", load_id), at=at, fund=found.fund.code, mode=found.mode,
            added=found.added_count, changed=found.changed_count, reopened=found.reopened_count,
            closed=found.closed_count, unchanged=found.unchanged_count,
            rejected=found.rejected_count,
        )  # fmt: skip
    return get_load(load_id)


def _change(found: AccountLoad, at: datetime) -> None:
    updated, inserted = staging.apply(found.pk, fund_id=found.fund_id, at=at)
    expected = found.changed_count + found.reopened_count + found.closed_count
    if (updated, inserted) != (expected, found.added_count):
        raise LoadDoesNotAddUp(
            f"Load {found.pk} should change {expected:,} accounts and add {found.added_count:,}; "
            f"the database changed {updated:,} and added {inserted:,}. Nothing was kept. Tell "
            "your support contact."
        )
    staging.forget_differences(found.pk)


def _count(fund: FundAccounts, found: AccountLoad, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE NOT is_closed), count(*) FILTER (WHERE is_closed) "
            "FROM accounts_accountholder WHERE fund_id = %s",
            [found.fund_id],
        )
        fund.open_count, fund.closed_count = cursor.fetchone()
    fund.version += 1
    fund.last_load_id, fund.last_loaded_at = found.pk, at
    fund.save()
