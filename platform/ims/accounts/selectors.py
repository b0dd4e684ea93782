"""Questions about accounts, their messages, and the files that brought them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from ims.accounts import states
from ims.accounts.cells import canonical_reference, name_key, tidy_postcode
from ims.accounts.errors import AccountNotFound, LoadNotFound
from ims.accounts.models import (
    AccountHolder,
    AccountLoad,
    AccountLoadRow,
    AccountLoadSettings,
    AccountMessage,
    FundAccounts,
)
from ims.accounts.reference_book import CHANNELS as CHANNELS
from ims.accounts.reference_book import ReferenceBook as ReferenceBook
from ims.accounts.reference_book import check_reference as check_reference
from ims.accounts.reference_book import get_rule as get_rule
from ims.accounts.reference_book import reference_book as reference_book
from ims.accounts.reference_book import rule_config as rule_config
from ims.accounts.reference_book import rules_to_try as rules_to_try

# Codes of the funds that somebody may see; None is all of them.
Funds = frozenset[str] | None


def accounts() -> QuerySet[AccountHolder]:
    """Every account with its fund and message, for reports and pages to narrow."""
    return AccountHolder.objects.select_related("fund", "message")


def get_account(account_id: int, *, within: Funds = None) -> AccountHolder:
    """The account with its fund and message. Raises AccountNotFound, also outside these funds."""
    found = accounts().filter(pk=account_id).first()
    if found is None or (within is not None and found.fund.code not in within):
        raise AccountNotFound("There is no such account.", id=account_id)
    return found


def find_account(fund_code: str, reference: str) -> AccountHolder | None:
    """The account of a fund, also when it is closed; however the reference was spaced or cased."""
    return accounts().filter(fund__code=fund_code, reference=canonical_reference(reference)).first()


def find_accounts(fund_code: str, references: Iterable[str]) -> dict[str, AccountHolder]:
    """Reference as it was given -> account, for those there are. One query."""
    asked = {reference: canonical_reference(reference) for reference in references}
    found = {
        account.reference: account
        for account in accounts().filter(
            fund__code=fund_code, reference__in=sorted(set(asked.values()))
        )
    }
    return {given: found[plain] for given, plain in asked.items() if plain in found}


def messages_for(account: AccountHolder, channel: str) -> list[AccountMessage]:
    """What is to be said about an account in a channel, of any severity. No query when the account
    came from this module."""
    message = account.message
    if message is None or not message.is_active:
        return []
    return [message] if not message.channels or channel in message.channels else []


def stops_for(account: AccountHolder, channel: str) -> list[AccountMessage]:
    """The messages that stop a payment to the account in a channel (an ims.funds Channel value)."""
    stop = AccountMessage.Severity.STOP
    return [each for each in messages_for(account, channel) if each.severity == stop]


@dataclass(frozen=True, slots=True)
class Criteria:
    """What to find; what is empty does not limit. `state` is open, closed or all.

    `reference`, `surname` and `postcode` match from their beginning, in any spacing and case;
    `address` anywhere in the address, and only together with one of those.
    """

    reference: str = ""
    surname: str = ""
    postcode: str = ""
    address: str = ""
    fund_id: int | None = None
    state: str = "open"
    within: Funds = None


def search(wanted: Criteria) -> QuerySet[AccountHolder]:
    """The accounts that meet all of it, in no order."""
    rows = accounts()
    if wanted.within is not None:
        rows = rows.filter(fund__code__in=sorted(wanted.within))
    if wanted.fund_id is not None:
        rows = rows.filter(fund_id=wanted.fund_id)
    if wanted.reference:
        rows = rows.filter(reference__startswith=canonical_reference(wanted.reference))
    if wanted.surname:
        rows = rows.filter(name_key__startswith=name_key(wanted.surname))
    if wanted.postcode:
        rows = rows.filter(postcode__startswith=tidy_postcode(wanted.postcode))
    if wanted.address:
        text = wanted.address
        rows = rows.filter(
            Q(address_1__icontains=text) | Q(address_2__icontains=text)
            | Q(address_3__icontains=text) | Q(address_4__icontains=text)
        )  # fmt: skip
    if wanted.state in ("open", "closed"):
        rows = rows.filter(is_closed=wanted.state == "closed")
    return rows


def messages_of(fund_id: int) -> list[AccountMessage]:
    """The messages in use of a fund, by code."""
    return list(AccountMessage.objects.filter(fund_id=fund_id, is_active=True).order_by("code"))


def fund_totals() -> dict[int, FundAccounts]:
    """Fund id -> how many accounts it has and when they last came. One query."""
    return {totals.fund_id: totals for totals in FundAccounts.objects.all()}


# --- loads ----------------------------------------------------------------------------------------
def loads(*, within: Funds = None) -> QuerySet[AccountLoad]:
    """Every load with its fund, or those for these funds."""
    found = AccountLoad.objects.select_related("fund")
    return found if within is None else found.filter(fund__code__in=sorted(within))


def get_load(load_id: int, *, within: Funds = None) -> AccountLoad:
    """The load with its fund. Raises LoadNotFound, also outside these funds."""
    found = loads(within=within).filter(pk=load_id).first()
    if found is None:
        raise LoadNotFound("There is no such load of accounts.", id=load_id)
    return found


def find_load(load_id: int | None) -> AccountLoad | None:
    """The load, or None."""
    return None if load_id is None else loads().filter(pk=load_id).first()


def load_rows_of(load_id: int, outcome: str) -> QuerySet[AccountLoadRow]:
    """The rows of one outcome, in the order of the file."""
    return AccountLoadRow.objects.filter(load_id=load_id, outcome=outcome).order_by("id")


def load_settings() -> AccountLoadSettings:
    """When a load asks first; the defaults until the council says otherwise."""
    return AccountLoadSettings.objects.filter(pk=1).first() or AccountLoadSettings()


def is_out_of_date(load: AccountLoad) -> bool:
    """Whether accounts of the fund changed after the load's preview was made."""
    now = FundAccounts.objects.filter(fund_id=load.fund_id).values_list("version", flat=True)
    return load.state == states.READY and (now.first() or 0) != load.base_version


def asks_about_closing(load: AccountLoad) -> bool:
    """Whether the load closes so many of the fund's accounts that somebody must agree."""
    limit = load_settings().closing_percent * load.open_before_count
    return load.closed_count > 0 and load.closed_count * 100 > limit


def unfinished(*, received_before: datetime) -> QuerySet[AccountLoad]:
    """Loads that came before an instant and are still to be read or applied."""
    return AccountLoad.objects.filter(
        state__in=[states.RECEIVED, states.APPLYING], received_at__lt=received_before
    )


def differences(load_id: int) -> QuerySet[AccountLoadRow]:
    """The rows of a load that would change an account."""
    return AccountLoadRow.objects.filter(load_id=load_id).exclude(
        outcome=AccountLoadRow.Outcome.REJECT
    )
