"""Questions about funds. `book()` reads all a posting needs in four queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ims.funds.account_references import AccountPattern, compile_pattern
from ims.funds.errors import FundNotFound, MethodNotFound
from ims.funds.models import Fund, MethodOfPayment, MoneySettings, VatCode, VatRate
from ims.funds.vat import DatedRate, Rounding, VatTable, vat_in_gross


@dataclass(frozen=True, slots=True)
class FundFacts:
    """A fund as a posting needs it."""

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


@dataclass(frozen=True, slots=True)
class MethodFacts:
    """A method of payment as a posting needs it."""

    id: int
    code: str
    name: str
    purpose: str
    control_code: str
    is_active: bool


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
        methods={
            m.code: MethodFacts(m.id, m.code, m.name, m.purpose, m.control_code, m.is_active)
            for m in list_methods()
        },
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
    )


def list_funds() -> list[Fund]:
    """Every fund by code, with its VAT code."""
    return list(Fund.objects.select_related("vat_code").order_by("code"))


def list_methods() -> list[MethodOfPayment]:
    """Every method of payment by code."""
    return list(MethodOfPayment.objects.order_by("code"))


def list_vat_codes() -> list[VatCode]:
    """Every VAT code, with its rates."""
    return list(VatCode.objects.order_by("code").prefetch_related("rates"))


def funds_key() -> list[str]:
    """What decides whether a fund takes an account, one line a fund; differs when it changes."""
    facts = Fund.objects.order_by("code").values_list(
        "code", "purpose", "account_label", "account_pattern", "is_active"
    )
    return [repr(row) for row in facts]
