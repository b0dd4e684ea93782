"""Funds, with what their metadata says of them."""

from __future__ import annotations

from dataclasses import dataclass

from ims.funds.choices import every_channel
from ims_config.localgovims.cells import Row
from ims_config.localgovims.metadata import LEDGER_CODES, Metadata, read_metadata
from ims_config.localgovims.references import Rules
from ims_config.localgovims.work import Candidate, Work, say_of_stand_ins
from ims_kernel.records.fields import Values

_CREDIT_NOTES = "IsACreditNoteEnabledFund"
_SUSPENSE = "IsASuspenseTransactionFund"
_BASKET = "IsABasketFund"
_ERETURN = "IsAnEReturnDefaultFund"
_LABEL, _HINT = "Basket.ReferenceFieldLabel", "Basket.ReferenceFieldMessage"
_KNOWN = (*LEDGER_CODES, _CREDIT_NOTES, _SUSPENSE, _BASKET, _ERETURN, _LABEL, _HINT)


@dataclass(frozen=True, slots=True)
class Vat:
    """The VAT codes a fund falls back on: suspense's own, and the one at 0%."""

    of_suspense: str
    none: str


def funds(work: Work, rules: Rules, vat: Vat) -> list[Candidate]:
    """The funds. One of them is the suspense fund."""
    extras = read_metadata(work, "FundMetadata", _KNOWN)
    found: list[Candidate] = []
    suspense = ""
    for row in work.dump.rows("Fund"):
        code = row.code("FundCode")
        is_suspense = extras.flag(code, _SUSPENSE)
        if is_suspense and suspense:
            work.report.change(
                "Fund", code, f"it is marked as the suspense fund too. {suspense} is, so this one "
                "is an ordinary fund.",
            )  # fmt: skip
            is_suspense = False
        suspense = code if is_suspense else suspense
        values = _fund(work, row, code, extras)
        values |= _vat(work, row, code, vat.of_suspense if is_suspense else "", vat.none)
        values |= _reference(work, row, code, rules)
        values["purpose"] = "suspense" if is_suspense else "income"
        found.append(Candidate("funds", values, "Fund", code, not row.flag("Disabled")))
    say_of_stand_ins(
        work,
        "Fund",
        what="ledger code",
        codes=[each.key for each in found if each.values["ledger_code"] == each.key],
    )
    _say_of_all(work, suspense)
    return found


def _fund(work: Work, row: Row, code: str, extras: Metadata) -> Values:
    ledger = extras.text(code, *LEDGER_CODES)
    most = row.hundredths("MaximumAmount") or None
    if most is None and row.text("MaximumAmount"):
        work.report.change("Fund", code, "its largest amount was 0. It has no limit now.")
    elif most is not None and most < 0:
        raise row.refused("MaximumAmount", "is below zero.")
    if row.flag("AquireAddress"):
        work.report.leave("Fund", code, "AquireAddress: no setting asks for the payer's address.")
    if extras.flag(code, _ERETURN):
        work.report.leave("Fund", code, f"{_ERETURN}: eReturns do not need a fund of their own.")
    channels = [each for each in every_channel() if each != "online" or extras.flag(code, _BASKET)]
    values: Values = {
        "code": code,
        "name": row.words("FundName"),
        "display_name": row.words("DisplayName"),
        "ledger_code": ledger or code,
        "vat_override": row.flag("VatOverride"),
        "credit_notes_allowed": extras.flag(code, _CREDIT_NOTES),
        "channels": channels,
        "account_hint": extras.text(code, _HINT),
    }
    if label := extras.text(code, _LABEL):
        values["account_label"] = label
    return values if most is None else {**values, "max_pence": most}


def _vat(work: Work, row: Row, code: str, of_suspense: str, none: str) -> Values:
    own = row.code("VatCode")
    if of_suspense or own:
        return {"vat_code": of_suspense or own}
    if none:
        work.report.change("Fund", code, f"it has no VAT code. It has {none}, the first at 0%.")
    return {"vat_code": none}


def _reference(work: Work, row: Row, code: str, rules: Rules) -> Values:
    """How references are checked. Without a validator the old system checked nothing at all."""
    number, must_exist = row.text("AccountReferenceValidatorId"), row.flag("AccountExist")
    if not number:
        if must_exist:
            work.report.change(
                "Fund", code, "AccountExist is set, but without a validator the old system never "
                "looked. References are not checked; choose “Must be an account we hold”.",
            )  # fmt: skip
        if row.text("MaximumAmount"):
            work.report.change(
                "Fund", code, "its largest amount was never looked at, because it has no "
                "validator. From now on it is.",
            )  # fmt: skip
        return {"account_rule": "none"}
    rule = rules.codes.get(number)
    if rule is None:
        name = rules.names.get(number, f"number {number}, which is not in the dump")
        work.report.change(
            "Fund", code, f"its validator ({name}) could not be carried, so the form of a "
            "reference is NOT checked. Give the fund a reference rule before it takes money.",
        )  # fmt: skip
        return {"account_rule": "exists" if must_exist else "none"}
    if number in rules.without_mask and not must_exist:
        work.report.change(
            "Fund", code, "its validator has no mask, so the old system refused every reference. "
            "Now those that pass its other steps are taken.",
        )  # fmt: skip
    return {"account_rule": "exists" if must_exist else "form", "reference_rule_code": rule}


def _say_of_all(work: Work, suspense: str) -> None:
    if not suspense:
        work.report.change(
            "Fund", "", f"no fund has {_SUSPENSE}. Make the suspense fund in the console before "
            "the first bank file.",
        )  # fmt: skip
    work.report.change(
        "Fund", "", "OverPayAccount was never read by the old system. Payments of more than the "
        "balance are taken, as they were.",
    )  # fmt: skip
    work.report.change(
        "Fund", "", f"funds without {_BASKET} are not open online. All are open everywhere else.",
    )  # fmt: skip
