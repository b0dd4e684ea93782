"""The words funds and methods of payment choose from; stored and written in files by value."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.db import models


class Channel(models.TextChoices):
    """How a payment comes to the council."""

    ONLINE = "online", "Online, by the payer"
    PHONE = "phone", "Telephone"
    COUNTER = "counter", "Counter"
    POST = "post", "Post"
    BANK = "bank", "Bank file"
    API = "api", "Another system (API)"


def every_channel() -> list[str]:
    """All channels: what a new fund or method is open to."""
    return [str(channel) for channel in Channel.values]


class AccountRule(models.TextChoices):
    """How far an account reference is checked before money goes to a fund."""

    NONE = "none", "No check"
    FORM = "form", "Must follow the pattern and the reference rule"
    EXISTS = "exists", "Must be an account we hold"


class OverPay(models.TextChoices):
    """What happens to a payment of more than the account's balance."""

    ALLOW = "allow", "Take it"
    WARN = "warn", "Warn, then take it"
    REFUSE = "refuse", "Refuse it"


class MethodPurpose(models.TextChoices):
    """What kind of money a method of payment is."""

    CARD = "card", "Card"
    CASH = "cash", "Cash"
    CHEQUE = "cheque", "Cheque"
    BANK = "bank", "Bank credit"
    DIRECT_DEBIT = "direct_debit", "Direct Debit"
    COLLECTED = "collected", "Collection agent"
    JOURNAL = "journal", "Journal"


class Use(models.TextChoices):
    """A job that one method of payment does for the whole council."""

    CARD_ONLINE = "card_online", "Card payments that payers make themselves"
    CARD_STAFF = "card_staff", "Card payments that staff take"
    CARD_PHONE = "card_phone", "Card payments by automated telephone"
    CARD_FEE = "card_fee", "Card fees"
    ERETURN_CASH = "ereturn_cash", "Cash on an eReturn"
    ERETURN_CHEQUE = "ereturn_cheque", "Cheques on an eReturn"
    CHEQUE = "cheque", "Cheques that staff take"
    JOURNAL_DEBIT = "journal_debit", "Journals, the side that gives"
    JOURNAL_CREDIT = "journal_credit", "Journals, the side that receives"
    TRANSFER_OUT = "transfer_out", "Transfers, out of a fund"
    TRANSFER_IN = "transfer_in", "Transfers, into a fund"


PURPOSE_OF_USE: Mapping[Use, MethodPurpose] = MappingProxyType(
    {
        Use.CARD_ONLINE: MethodPurpose.CARD,
        Use.CARD_STAFF: MethodPurpose.CARD,
        Use.CARD_PHONE: MethodPurpose.CARD,
        Use.CARD_FEE: MethodPurpose.CARD,
        Use.ERETURN_CASH: MethodPurpose.CASH,
        Use.ERETURN_CHEQUE: MethodPurpose.CHEQUE,
        Use.CHEQUE: MethodPurpose.CHEQUE,
        Use.JOURNAL_DEBIT: MethodPurpose.JOURNAL,
        Use.JOURNAL_CREDIT: MethodPurpose.JOURNAL,
        Use.TRANSFER_OUT: MethodPurpose.JOURNAL,
        Use.TRANSFER_IN: MethodPurpose.JOURNAL,
    }
)


class Fee(models.TextChoices):
    """Where the fee on a payment by this method is posted."""

    NONE = "none", "No fee"
    RECHARGE = "recharge", "To the fund and account that the payer pays"
    CENTRAL = "central", "To one fund and account"
