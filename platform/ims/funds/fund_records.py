"""Funds and their groups as settings."""

from __future__ import annotations

from ims.funds.account_references import MAX_PATTERN
from ims.funds.choices import AccountRule, OverPay
from ims.funds.models import Fund, FundGroup
from ims.funds.record_checks import check_fund
from ims.funds.record_fields import (
    CHANGE,
    SECTION,
    channel_field,
    code_field,
    limit_fields,
    name_field,
    options_of,
)
from ims_kernel.records.fields import Choice, Flag, Link, Links, Text
from ims_kernel.records.kinds import Kind

FUNDS = Kind(
    slug="funds",
    singular="fund",
    plural="funds",
    sentence="A fund is one kind of income, such as Council Tax, and where it goes in the ledger.",
    section=SECTION,
    model=Fund,
    change=CHANGE,
    order=50,
    check=check_fund,
    columns=("code", "name", "ledger_code", "vat_code", "owner_service"),
    fields=(
        code_field(5),
        name_field(50, "For staff."),
        Text(
            name="display_name",
            label="Name for payers",
            hint="Leave it empty to show the name.",
            max_length=50,
            optional=True,
        ),
        Choice(
            name="purpose",
            label="Kind",
            hint="Money that nobody can explain yet waits in the one suspense fund.",
            options=options_of(Fund.Purpose),
            default="income",
            fixed=True,
        ),
        Text(name="ledger_code", label="Ledger code", max_length=40, heading="In the ledger"),
        Link(name="cost_centre", label="Cost centre", to="cost-centres", optional=True),
        Text(
            name="owner_service",
            label="Owner service",
            hint="The service that answers questions about this income.",
            max_length=60,
            optional=True,
        ),
        Link(name="vat_code", label="VAT code", to="vat-codes"),
        Flag(
            name="vat_override",
            label="Another VAT code may be chosen",
            hint="When off, every line of this fund has the fund's VAT code.",
        ),
        Flag(
            name="credit_notes_allowed",
            label="May receive credit notes",
            hint="When suspense is moved to this fund.",
        ),
        *limit_fields("What may be paid"),
        channel_field("this income may be paid"),
        Choice(
            name="over_pay",
            label="More than the balance of the account",
            options=options_of(OverPay),
            default="allow",
        ),
        Choice(
            name="account_rule",
            label="Account check",
            options=options_of(AccountRule),
            default="form",
            heading="Account references",
        ),
        Text(
            name="account_label",
            label="Label",
            hint="What payers and staff call the reference, such as Invoice number.",
            max_length=40,
            default="Account number",
        ),
        Text(
            name="account_hint",
            label="Hint for payers",
            hint="Where to find the reference, such as: It is at the top of your bill.",
            max_length=200,
            optional=True,
        ),
        Text(
            name="account_pattern",
            label="Pattern",
            hint=(
                "Finds the reference in bank files: \\d is a digit, \\d{7} seven of them. For "
                "example 77\\d{7}."
            ),
            max_length=MAX_PATTERN,
            optional=True,
        ),
        Link(
            name="reference_rule_code",
            label="Reference rule",
            hint="The steps that check a typed reference, such as a check digit.",
            to="reference-rules",
            optional=True,
        ),
        Text(
            name="payer_message",
            label="Message to payers",
            hint="Shown to everyone who pays into this fund.",
            max_length=500,
            optional=True,
            multiline=True,
        ),
    ),
)

FUND_GROUPS = Kind(
    slug="fund-groups",
    singular="fund group",
    plural="fund groups",
    sentence="A fund group is a set of funds that the same people may work with.",
    section=SECTION,
    model=FundGroup,
    change=CHANGE,
    order=60,
    fields=(
        code_field(10),
        name_field(50),
        Links(name="funds", label="Funds", to="funds", optional=True),
    ),
)
