"""Questions about funds. `book()` reads all a posting needs in four queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ims.funds.account_references import AccountPattern, compile_pattern
from ims.funds.choices import PURPOSE_OF_USE, AccountRule, Fee, MethodPurpose, OverPay, Use
from ims.funds.errors import FundNotFound, MethodNotFound
from ims.funds.models import Fund, MethodOfPayment, MoneySettings, Office, VatCode, VatRate
from ims.funds.vat import DatedRate, Rounding, VatTable, vat_in_gross


@dataclass(frozen=True, slots=True)
class FundFacts:
    """A fund as a posting and a check of a payment need it.

    Limits are pence of one payment without sign, None for no limit. `channels` are values of
    choices.Channel. `reference_rule_code` names a rule of ims.accounts, or is empty.
    """

    id: int
    code: str
    name: str
    ledger_code: str
    vat_code_id: int
    vat_code: str
    account_label: str
    pattern: AccountPattern
    is_suspense: bool
    is_active: bool
    public_name: str
    account_hint: str
    account_rule: AccountRule
    reference_rule_code: str
    channels: frozenset[str]
    min_pence: int | None
    max_pence: int | None
    over_pay: OverPay
    vat_override: bool
    credit_notes_allowed: bool
    payer_message: str

    def accepts(self, account_reference: str) -> bool:
        """Whether the reference has the form of the fund's own pattern, where it has one.

        A fund without a check takes any. The reference rule and the accounts are asked by
        ims.accounts, not here.
        """
        return self.account_rule == AccountRule.NONE or self.pattern.accepts(account_reference)


@dataclass(frozen=True, slots=True)
class MethodFacts:
    """A method of payment as a posting needs it.

    Limits are pence of one payment without sign, None for no limit. `uses` and `channels` are
    values of choices.Use and choices.Channel. A central fee has both a fund's code and an account.
    """

    id: int
    code: str
    name: str
    purpose: str
    control_code: str
    is_active: bool
    uses: frozenset[str]
    channels: frozenset[str]
    min_pence: int | None
    max_pence: int | None
    is_refundable: bool
    is_reversal: bool
    fees: Fee
    fees_fund_code: str
    fees_account: str
    payment_account_code: str


@dataclass(frozen=True, slots=True)
class Book:
    """The council's funds, methods and VAT now. Made for one piece of work, never kept."""

    funds: dict[str, FundFacts]
    methods: dict[str, MethodFacts]
    vat: VatTable
    rounding: Rounding

    def fund(self, code: str) -> FundFacts:
        """The fund. Raises FundNotFound."""
        try:
            return self.funds[code]
        except KeyError:
            raise FundNotFound(f"There is no fund {code}.", fund=code) from None

    def method(self, code: str) -> MethodFacts:
        """The method of payment. Raises MethodNotFound."""
        try:
            return self.methods[code]
        except KeyError:
            raise MethodNotFound(f"There is no method of payment {code}.", method=code) from None

    def account_patterns(self) -> dict[str, str]:
        """The account pattern of each fund that has one, by code."""
        return {code: fund.pattern.text for code, fund in self.funds.items() if fund.pattern.text}

    def suspense_fund(self) -> FundFacts:
        """The fund unexplained money waits in. Raises FundNotFound."""
        for fund in self.funds.values():
            if fund.is_suspense:
                return fund
        raise FundNotFound("This council has no suspense fund. Add one before taking money.")

    def method_for(self, purpose: str) -> MethodFacts:
        """The first active method with the purpose, by code. Raises MethodNotFound."""
        for method in self.methods.values():
            if method.purpose == purpose and method.is_active:
                return method
        raise MethodNotFound(f"This council has no method of payment for {purpose}.")

    def method_used_for(self, use: Use) -> MethodFacts:
        """The method in use for a job, or the first of the purpose that suits the job.

        A council that never said which method does what is served too. Raises MethodNotFound.
        """
        for method in self.methods.values():
            if use.value in method.uses and method.is_active:
                return method
        return self.method_for(PURPOSE_OF_USE[use].value)

    def vat_on(self, fund: FundFacts, gross_pence: int, on: date) -> tuple[int, int]:
        """(basis points, VAT pence) of a gross amount for a fund on a day. Raises NoVatRate."""
        basis_points = self.vat.basis_points(fund.vat_code, on)
        return basis_points, vat_in_gross(gross_pence, basis_points, self.rounding)


def book() -> Book:
    """The council's reference data, in four queries."""
    rates: dict[str, list[DatedRate]] = {}
    for rate in VatRate.objects.select_related("vat_code"):
        dated = DatedRate(rate.starts_on, rate.basis_points)
        rates.setdefault(rate.vat_code.code, []).append(dated)
    settings = MoneySettings.objects.filter(pk=1).first()
    return Book(
        funds={fund.code: _fund_facts(fund) for fund in list_funds()},
        methods={method.code: _method_facts(method) for method in list_methods()},
        vat=VatTable(rates),
        rounding=Rounding(settings.vat_rounding) if settings else Rounding.HALF_UP,
    )


def _fund_facts(fund: Fund) -> FundFacts:
    return FundFacts(
        id=fund.id,
        code=fund.code,
        name=fund.name,
        ledger_code=fund.ledger_code,
        vat_code_id=fund.vat_code_id,
        vat_code=fund.vat_code.code,
        account_label=fund.account_label,
        pattern=compile_pattern(fund.account_pattern),
        is_suspense=fund.purpose == Fund.Purpose.SUSPENSE,
        is_active=fund.is_active,
        public_name=fund.display_name or fund.name,
        account_hint=fund.account_hint,
        account_rule=AccountRule(fund.account_rule),
        reference_rule_code=fund.reference_rule_code,
        channels=frozenset(fund.channels),
        min_pence=fund.min_pence,
        max_pence=fund.max_pence,
        over_pay=OverPay(fund.over_pay),
        vat_override=fund.vat_override,
        credit_notes_allowed=fund.credit_notes_allowed,
        payer_message=fund.payer_message,
    )


def _method_facts(method: MethodOfPayment) -> MethodFacts:
    return MethodFacts(
        id=method.id,
        code=method.code,
        name=method.name,
        purpose=method.purpose,
        control_code=method.control_code,
        is_active=method.is_active,
        uses=frozenset(method.uses),
        channels=frozenset(method.channels),
        min_pence=method.min_pence,
        max_pence=method.max_pence,
        is_refundable=method.is_refundable,
        is_reversal=method.is_reversal,
        fees=Fee(method.fees),
        fees_fund_code=method.fees_fund.code if method.fees_fund else "",
        fees_account=method.fees_account,
        payment_account_code=method.payment_account_code,
    )


def list_funds() -> list[Fund]:
    """Every fund by code, with its VAT code."""
    return list(Fund.objects.select_related("vat_code").order_by("code"))


def list_methods() -> list[MethodOfPayment]:
    """Every method of payment by code, with the fund of its fee."""
    return list(MethodOfPayment.objects.select_related("fees_fund").order_by("code"))


def list_offices() -> list[Office]:
    """Every office in use by code."""
    return list(Office.objects.filter(is_active=True).order_by("code"))


def list_vat_codes() -> list[VatCode]:
    """Every VAT code, with its rates."""
    return list(VatCode.objects.order_by("code").prefetch_related("rates"))


def funds_key() -> list[str]:
    """What decides whether a fund takes an account, one line a fund; differs when it changes."""
    facts = Fund.objects.order_by("code").values_list(
        "code", "purpose", "account_label", "account_pattern", "account_rule",
        "reference_rule_code", "is_active",
    )  # fmt: skip
    return [repr(row) for row in facts]


def count_only_suspense(fund: Fund) -> int:
    """1 for the suspense fund, which the council cannot be without."""
    return int(fund.purpose == Fund.Purpose.SUSPENSE)


def count_only_journal(method: MethodOfPayment) -> int:
    """1 for the method of journals, which allocating suspense cannot be without."""
    return int(method.purpose == MethodPurpose.JOURNAL)
