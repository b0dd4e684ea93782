"""What must hold between the values of a fund or a method, refused in words."""

from __future__ import annotations

from ims.funds.choices import PURPOSE_OF_USE, Fee, Use
from ims.funds.errors import PatternUnusable
from ims.funds.hopeless_patterns import refuse_hopeless_account
from ims.funds.models import Fund, MethodOfPayment
from ims_kernel.money import format_pounds
from ims_kernel.records.errors import RecordRefused
from ims_kernel.records.fields import Values


def check_fund(after: Values, _before: Values | None) -> None:
    """A fund's pattern can match, its limits are in order, and there is one suspense fund."""
    try:
        refuse_hopeless_account(after["account_pattern"])
    except PatternUnusable as error:
        raise RecordRefused(error.message, field="account_pattern") from error
    _check_limits(after)
    if after["purpose"] != Fund.Purpose.SUSPENSE:
        return
    if other := Fund.objects.filter(purpose="suspense").exclude(code=after["code"]).first():
        raise RecordRefused(
            f"{other} is the suspense fund, and there can be one only. Choose income.",
            field="purpose",
        )


def check_method(after: Values, _before: Values | None) -> None:
    """A method's jobs suit it, its limits are in order, its fee is whole."""
    _check_limits(after)
    _check_uses(after)
    if after["fees"] == Fee.CENTRAL:
        for name, words in (("fees_fund", "the fund"), ("fees_account", "the account")):
            if not after[name]:
                raise RecordRefused(f"Enter {words} that the fee goes to.", field=name)
    elif after["fees_fund"] or after["fees_account"]:
        raise RecordRefused(
            "A fund and an account for the fee are only for a fee that goes to one fund and "
            "account. Leave them empty, or choose that.",
            field="fees_fund" if after["fees_fund"] else "fees_account",
        )
    others = MethodOfPayment.objects.exclude(code=after["code"])
    if after["purpose"] == "journal" and (other := others.filter(purpose="journal").first()):
        raise RecordRefused(
            f"{other} is the method for journals, and there can be one only.", field="purpose"
        )


def _check_limits(after: Values) -> None:
    least, most = after["min_pence"], after["max_pence"]
    if least is not None and most is not None and least > most:
        raise RecordRefused(
            f"The largest amount, {format_pounds(most)}, is below the smallest, "
            f"{format_pounds(least)}.",
            field="max_pence",
        )


def _check_uses(after: Values) -> None:
    for use in map(Use, after["uses"]):
        wanted = PURPOSE_OF_USE[use]
        if wanted != after["purpose"]:
            raise RecordRefused(
                f"“{use.label}” needs a method of the kind {wanted.label}.", field="uses"
            )
