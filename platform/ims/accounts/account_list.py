"""The account list as reference checks ask it: many accounts at once, and only what counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ims.accounts.cells import canonical_reference
from ims.accounts.models import AccountHolder, AccountMessage
from ims.accounts.reference import AccountFacts, StopVerdict
from ims.funds.choices import Channel, every_channel

Account = tuple[str, str]  # (fund code, reference)
_ASK_US = "This account cannot be paid here. Contact the council."


def find_facts(wanted: Iterable[Account]) -> dict[Account, AccountFacts]:
    """The accounts there are of those wanted, closed ones too. One query a fund."""
    by_fund: dict[str, dict[str, str]] = defaultdict(dict)
    for fund_code, reference in wanted:
        by_fund[fund_code][reference] = canonical_reference(reference)
    found: dict[Account, AccountFacts] = {}
    for fund_code, asked in by_fund.items():
        there = _of_fund(fund_code, sorted(set(asked.values())))
        for reference, plain in asked.items():
            if plain in there:
                found[fund_code, reference] = there[plain]
    return found


def _of_fund(fund_code: str, references: list[str]) -> dict[str, AccountFacts]:
    rows = AccountHolder.objects.filter(
        fund__code=fund_code, reference__in=references
    ).select_related("message")
    return {
        row.reference: AccountFacts(
            row.reference, row.is_closed, _stops(row.message) if row.message else {}
        )
        for row in rows.only("reference", "is_closed", "message")
    }


def _stops(message: AccountMessage) -> dict[str, StopVerdict]:
    if not message.is_active:
        return {}
    blocks = message.severity == AccountMessage.Severity.STOP
    return {
        channel: StopVerdict(blocks, _words(message, channel, blocks=blocks))
        for channel in message.channels or every_channel()
    }


def _words(message: AccountMessage, channel: str, *, blocks: bool) -> str:
    """Staff's words are not for payers."""
    if channel != Channel.ONLINE:
        return message.words_to_staff
    return message.words_to_payer or (_ASK_US if blocks else "There is a note on this account.")
