"""Methods of payment: the flags of their metadata as kinds of money, uses, fees and colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from ims.funds.choices import PURPOSE_OF_USE, MethodPurpose, Use
from ims_config.localgovims.cells import Row
from ims_config.localgovims.metadata import LEDGER_CODES, Metadata, read_metadata
from ims_config.localgovims.work import Candidate, Work, say_of_stand_ins
from ims_kernel.errors import ImsError
from ims_kernel.records.fields import Values
from ims_kernel.web.contrast import check_accent

USES: Mapping[str, Use] = MappingProxyType(
    {
        "IsACardSelfServicePayment": Use.CARD_ONLINE,
        "IsACardViaStaffPayment": Use.CARD_STAFF,
        "IsACardAtpPayment": Use.CARD_PHONE,
        "IsACardPaymentFee": Use.CARD_FEE,
        "IsACashPayment": Use.ERETURN_CASH,
        "IsAnEReturnChequePayment": Use.ERETURN_CHEQUE,
        "IsAChequePayment": Use.CHEQUE,
        "IsAJournal": Use.JOURNAL_DEBIT,
        "IsAJournalReallocation": Use.JOURNAL_CREDIT,
        "IsATransferOut": Use.TRANSFER_OUT,
        "IsATransferIn": Use.TRANSFER_IN,
    }
)
_REFUNDABLE, _REVERSAL = "IsARefundablePayment", "IsAPaymentReversal"
_FEE, _RECHARGE, _CENTRAL = "IncursAFee", "IsARechargeFee", "IsACentralChargeFee"
_FEE_ACCOUNT, _FEE_FUND = "FeeAccountReference", "FeeFundCode"
_PROVIDER, _COLOUR, _TEXT_COLOUR = "PaymentIntegrationId", "BackgroundColour", "TextColour"
_KNOWN = (
    *LEDGER_CODES, *USES, _REFUNDABLE, _REVERSAL, _FEE, _RECHARGE, _CENTRAL, _FEE_ACCOUNT,
    _FEE_FUND, _PROVIDER, _COLOUR, _TEXT_COLOUR,
)  # fmt: skip
# A word in the name -> the kind of money, for methods whose flags say nothing. In this order.
_NAMES: tuple[tuple[str, MethodPurpose], ...] = (
    ("direct debit", MethodPurpose.DIRECT_DEBIT),
    ("allpay", MethodPurpose.COLLECTED),
    ("paypoint", MethodPurpose.COLLECTED),
    ("post office", MethodPurpose.COLLECTED),
    ("cheque", MethodPurpose.CHEQUE),
    ("cash", MethodPurpose.CASH),
    ("card", MethodPurpose.CARD),
)


def methods(work: Work) -> list[Candidate]:
    """The methods. The service has one for journals, so several become one with all their uses."""
    extras = read_metadata(work, "MopMetadata", _KNOWN)
    found: list[Candidate] = []
    journal: Candidate | None = None
    for row in work.dump.rows("Mop"):
        code = row.code("MopCode")
        uses = [use for flag, use in USES.items() if extras.flag(code, flag)]
        purpose = _purpose(work, row, uses, extras)
        uses = _suited(work, code, uses, purpose)
        if purpose == MethodPurpose.JOURNAL and journal is not None:
            if not row.flag("Disabled"):
                found[found.index(journal)] = journal = replace(journal, is_active=True)
            journal.values["uses"] = sorted({*journal.values["uses"], *map(str, uses)})
            work.report.leave(
                "Mop", code, f"it moves money inside the council, as {journal.key} does. There is "
                f"one method for that: {journal.key} has its jobs too.",
            )  # fmt: skip
            continue
        values = _method(work, row, code, extras)
        values |= {"purpose": str(purpose), "uses": [str(use) for use in uses]}
        method = Candidate("methods", values, "Mop", code, not row.flag("Disabled"))
        found.append(method)
        if purpose == MethodPurpose.JOURNAL:
            journal = method
    say_of_stand_ins(
        work,
        "Mop",
        what="control account",
        codes=[each.key for each in found if each.values["control_code"] == each.key],
    )
    _say_of_uses(work, found)
    return found


def _purpose(work: Work, row: Row, uses: list[Use], extras: Metadata) -> MethodPurpose:
    code, name = row.code("MopCode"), row.words("MopName")
    guess = next((kind for word, kind in _NAMES if word in name.casefold()), MethodPurpose.BANK)
    if uses:
        # Flags of several kinds: the name says which of them it is.
        kinds = [PURPOSE_OF_USE[use] for use in uses]
        return guess if guess in kinds else kinds[0]
    if extras.text(code, _PROVIDER):
        return MethodPurpose.CARD
    work.report.change(
        "Mop", code, f"nothing says what kind of money {name} is. By its name it is taken for: "
        f"{guess.label}. This cannot be changed once the file is applied.",
    )  # fmt: skip
    return guess


def _suited(work: Work, code: str, uses: list[Use], purpose: MethodPurpose) -> list[Use]:
    for use in uses:
        if PURPOSE_OF_USE[use] != purpose:
            work.report.leave(
                "Mop", code, f"“{use.label}” needs a method of the kind {PURPOSE_OF_USE[use].label}"
                f", and this one is {purpose.label}.",
            )  # fmt: skip
    return [use for use in uses if PURPOSE_OF_USE[use] == purpose]


def _method(work: Work, row: Row, code: str, extras: Metadata) -> Values:
    control = extras.text(code, *LEDGER_CODES)
    if extras.text(code, _PROVIDER):
        work.report.leave(
            "Mop", code, f"{_PROVIDER}: add the payment provider account in the console, and "
            "choose it at this method.",
        )  # fmt: skip
    return {
        "code": code,
        "name": row.words("MopName"),
        "control_code": control or code,
        "is_refundable": extras.flag(code, _REFUNDABLE),
        "is_reversal": extras.flag(code, _REVERSAL),
        **_limits(work, row, code),
        **_fees(work, code, extras),
        **_colour(work, code, extras),
    }


def _limits(work: Work, row: Row, code: str) -> Values:
    """Pence. 0 is no limit, which is not what the old system made of a largest amount of 0."""
    least, most = row.hundredths("MinimumAmount") or 0, row.hundredths("MaximumAmount") or 0
    if least < 0 or most < 0:
        work.report.leave("Mop", code, "its limits below zero: limits are without sign.")
    if most == 0:
        work.report.change(
            "Mop", code, "its largest amount was 0, which blocked every payment to a fund with a "
            "validator. It has no limit now.",
        )  # fmt: skip
    if 0 < most < least:
        work.report.leave(
            "Mop", code, "its limits: the smallest amount was above the largest, so nothing passed."
        )
        return {}
    limits = {"min_pence": least, "max_pence": most}
    return {name: pence for name, pence in limits.items() if pence > 0}


def _fees(work: Work, code: str, extras: Metadata) -> Values:
    incurs = extras.flag(code, _FEE)
    recharge, central = extras.flag(code, _RECHARGE), extras.flag(code, _CENTRAL)
    fund, account = extras.text(code, _FEE_FUND).upper(), extras.text(code, _FEE_ACCOUNT)
    if incurs and recharge:
        return {"fees": "recharge"}
    known = {row.code("FundCode") for row in work.dump.rows("Fund")}
    if incurs and central and fund in known and account:
        return {"fees": "central", "fees_fund": fund, "fees_account": account}
    if incurs or recharge or central:
        work.report.leave(
            "Mop", code, f"its fee: {_FEE} with {_RECHARGE}, or with {_CENTRAL}, {_FEE_FUND} (a "
            f"fund that is there) and {_FEE_ACCOUNT}, makes a fee. It has none now.",
        )  # fmt: skip
    return {}


def _colour(work: Work, code: str, extras: Metadata) -> Values:
    text = extras.text(code, _COLOUR)
    if not text:
        return {}
    try:
        return {"colour": check_accent(text)}
    except ImsError as error:
        work.report.leave("Mop", code, f"{_COLOUR}: {error.message}")
        return {}


def _say_of_uses(work: Work, found: list[Candidate]) -> None:
    work.report.change(
        "Mop", "", "methods are open to every channel. The colour of text is worked out from the "
        f"colour behind it, so {_TEXT_COLOUR} is not carried.",
    )  # fmt: skip
    for use in Use:
        having = [each.key for each in found if use.value in each.values["uses"]]
        if len(having) > 1:
            work.report.change(
                "Mop", ", ".join(having), f"all have the job “{use.label}”. The old system took "
                "any of them; this one takes the first by code that is in use.",
            )  # fmt: skip
