"""The settings of the money side. The larger ones are in modules of their own.

What each field means is written for councils in docs/reference/settings-records.md.
"""

from __future__ import annotations

from ims.funds.fund_records import FUND_GROUPS, FUNDS
from ims.funds.method_records import METHODS
from ims.funds.models import CostCentre, MoneySettings, Office, VatCode
from ims.funds.rates import check_vat_code, load_rates, store_rates
from ims.funds.record_fields import CHANGE, SECTION, code_field, name_field
from ims_kernel.records.fields import Choice, Day, Percent, Rows, Text
from ims_kernel.records.kinds import Kind

MONEY = Kind(
    slug="money",
    singular="money settings",
    plural="money settings",
    sentence="How the council works out amounts that do not come to whole pennies.",
    section=SECTION,
    model=MoneySettings,
    change=CHANGE,
    single=True,
    order=10,
    fields=(
        Choice(
            name="vat_rounding",
            label="Half a penny of VAT",
            hint="HMRC's usual practice is up. Lines that are posted already keep their VAT.",
            options=(
                ("half_up", "Goes up to the next penny"),
                ("half_even", "Goes to the even penny, as LocalGov IMS did"),
            ),
            default="half_up",
        ),
    ),
)

VAT_CODES = Kind(
    slug="vat-codes",
    singular="VAT code",
    plural="VAT codes",
    sentence="A VAT code says how much of an amount is VAT, with the day each rate starts.",
    section=SECTION,
    model=VatCode,
    change=CHANGE,
    order=20,
    check=check_vat_code,
    load=load_rates,
    store=store_rates,
    fields=(
        code_field(3),
        name_field(60),
        Rows(
            name="rates",
            label="Rates",
            hint="A rate holds from its day until the day the next one starts.",
            fields=(
                Day(name="starts_on", label="Starts on"),
                Percent(name="rate", label="Rate"),
            ),
            least=1,
        ),
    ),
)

COST_CENTRES = Kind(
    slug="cost-centres",
    singular="cost centre",
    plural="cost centres",
    sentence="A cost centre is a part of the council that income is counted for.",
    section=SECTION,
    model=CostCentre,
    change=CHANGE,
    order=30,
    fields=(
        Text(
            name="code",
            label="Code",
            hint="As your finance system writes it. It cannot be changed later.",
            max_length=20,
            pattern="[A-Za-z0-9._-]+",
            pattern_words="letters, digits, dots, hyphens and underscores only",
            fixed=True,
        ),
        name_field(60),
    ),
)

OFFICES = Kind(
    slug="offices",
    singular="office",
    plural="offices",
    sentence="An office is a place or team that takes money. People belong to one.",
    section=SECTION,
    model=Office,
    change=CHANGE,
    order=30,
    fields=(code_field(4), name_field(50)),
)

KINDS = (MONEY, VAT_CODES, COST_CENTRES, OFFICES, FUNDS, FUND_GROUPS, METHODS)
