"""Import profiles and rules as settings.

What each field means is written for councils in docs/reference/settings-records.md.
"""

from __future__ import annotations

from ims.imports.formats.registry import FORMATS
from ims.imports.models import ImportProfile, ImportRule
from ims.imports.record_checks import (
    Conditions,
    check_profile,
    check_rule,
    load_rule,
    store_rule,
)
from ims.imports.rules import FIELDS, OPERATORS, AccountFrom
from ims_kernel.records.fields import Choice, Link, Text, Whole
from ims_kernel.records.kinds import Kind

SECTION, CHANGE = "Imports and exports", "imports.configure"


def _code(max_length: int) -> Text:
    return Text(
        name="code",
        label="Code",
        hint="Small letters, digits and hyphens. It cannot be changed later.",
        max_length=max_length,
        pattern="[a-z0-9-]+",
        pattern_words="small letters, digits and hyphens only",
        fixed=True,
    )


IMPORT_PROFILES = Kind(
    slug="import-profiles",
    singular="import profile",
    plural="import profiles",
    sentence="An import profile is one kind of file from the bank: whose account, and how it pays.",
    section=SECTION,
    model=ImportProfile,
    change=CHANGE,
    order=80,
    check=check_profile,
    columns=("code", "name", "format_code", "method_code"),
    fields=(
        _code(20),
        Text(name="name", label="Name", max_length=60),
        Choice(
            name="format_code",
            label="File format",
            hint="Leave it empty to find the format by what is in the file.",
            options=tuple((each.code, each.name) for each in FORMATS),
            optional=True,
        ),
        Text(
            name="bank_account",
            label="Bank account",
            hint=(
                "Sort code and account number without spaces, or the IBAN. A file for another "
                "account is refused. Leave it empty to take any account."
            ),
            max_length=34,
            pattern="[A-Z0-9]{6,34}",
            pattern_words="6 to 34 letters and digits without spaces",
            uppercase=True,
            optional=True,
        ),
        Link(name="method_code", label="Method of payment", to="methods"),
    ),
)

IMPORT_RULES = Kind(
    slug="import-rules",
    singular="import rule",
    plural="import rules",
    sentence=(
        "An import rule says which fund a line of a bank file belongs to. The first rule that "
        "holds decides; what no rule recognises waits in suspense."
    ),
    section=SECTION,
    model=ImportRule,
    change=CHANGE,
    order=90,
    check=check_rule,
    load=load_rule,
    store=store_rule,
    columns=("code", "order", "name", "fund"),
    sort="order",
    constraints={"import_rule_name": ("name", "Another rule has this name. Choose another.")},
    fields=(
        _code(40),
        Text(name="name", label="Name", max_length=80),
        Whole(
            name="order",
            label="Place",
            hint=(
                "Rules are tried from the lowest number up; with the same number, by code. Leave "
                "gaps, such as 10, 20 and 30."
            ),
            minimum=1,
            maximum=1_000_000,
        ),
        Conditions(
            name="conditions",
            label="Conditions",
            hint="All must hold. Capitals make no difference.",
            fields=(
                Choice(name="field", label="Field", options=FIELDS),
                Choice(name="operator", label="Test", options=OPERATORS),
                Text(
                    name="value",
                    label="Value",
                    hint="An amount in pounds, a fund's code, credit or debit, or text.",
                    max_length=200,
                ),
            ),
            most=20,
            heading="When",
        ),
        Link(name="fund", label="Fund", to="funds", keeps=False, heading="Then"),
        Choice(
            name="account_from",
            label="Where the account is",
            options=(
                (AccountFrom.PATTERN.value, "In the line, by the fund's pattern"),
                (AccountFrom.REFERENCE.value, "The line's reference as it stands"),
                (AccountFrom.FIXED.value, "Always the account below"),
            ),
            default=AccountFrom.PATTERN.value,
        ),
        Text(name="account", label="Account", max_length=40, optional=True),
    ),
)

KINDS = (IMPORT_PROFILES, IMPORT_RULES)
