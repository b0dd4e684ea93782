"""Methods of payment as settings."""

from __future__ import annotations

from ims.funds.choices import Fee, MethodPurpose, Use
from ims.funds.models import MethodOfPayment
from ims.funds.record_checks import check_method
from ims.funds.record_fields import (
    CHANGE,
    SECTION,
    channel_field,
    code_field,
    limit_fields,
    name_field,
    options_of,
)
from ims_kernel.records.fields import Choice, Choices, Colour, Flag, Link, Text
from ims_kernel.records.kinds import Kind

METHODS = Kind(
    slug="methods",
    singular="method of payment",
    plural="methods of payment",
    sentence="A method of payment is how money arrives, and the control account it arrives in.",
    section=SECTION,
    model=MethodOfPayment,
    change=CHANGE,
    order=70,
    check=check_method,
    columns=("code", "name", "purpose", "control_code"),
    fields=(
        code_field(5),
        name_field(40),
        Choice(
            name="purpose",
            label="Kind of money",
            options=options_of(MethodPurpose),
            fixed=True,
        ),
        Text(
            name="control_code",
            label="Control account",
            hint="The ledger code of the account the money arrives in.",
            max_length=40,
        ),
        Choices(
            name="uses",
            label="Used for",
            hint=(
                "The jobs this method does for the whole council. Of several methods with one job "
                "the first by code does it; without any, the first of its kind of money."
            ),
            options=options_of(Use),
            optional=True,
        ),
        *limit_fields("What may be paid"),
        channel_field("this method may be used"),
        Flag(
            name="is_refundable",
            label="Payments can be refunded to the payer's card",
        ),
        Flag(
            name="is_reversal",
            label="For payments that come back",
            hint="Staff are told to expect an amount below zero.",
        ),
        Choice(name="fees", label="Fee", options=options_of(Fee), default="none", heading="Fee"),
        Link(
            name="fees_fund",
            label="Fund of the fee",
            hint="Only for a fee that goes to one fund and account.",
            to="funds",
            optional=True,
        ),
        Text(name="fees_account", label="Account of the fee", max_length=40, optional=True),
        Link(
            name="payment_account_code",
            label="Payment provider account",
            hint="Where cards are taken with this method.",
            to="payment-accounts",
            optional=True,
            heading="More",
        ),
        Colour(
            name="colour",
            label="Colour in lists",
            hint="Leave it empty for no colour.",
            optional=True,
        ),
    ),
)
