"""Funds, VAT codes with dated rates, methods of payment, and the council's money settings."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from ims.funds.choices import AccountRule, Channel, Fee, MethodPurpose, OverPay, Use, every_channel
from ims.funds.vat import Rounding


def _channels() -> ArrayField[Any, Any]:
    of = models.CharField(max_length=10, choices=Channel.choices)
    return ArrayField(of, default=every_channel, db_default=every_channel(), blank=True)


def _limits(name: str) -> models.CheckConstraint:
    """Limits in pence without sign; none is no limit."""
    unordered = Q(min_pence__gt=F("max_pence"))
    return models.CheckConstraint(
        condition=~(unordered | Q(min_pence__lt=0) | Q(max_pence__lt=0)), name=name
    )


class VatCode(models.Model):
    """A VAT treatment, such as standard or outside the scope."""

    code = models.CharField(max_length=3)
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="vat_code_unique")]

    def __str__(self) -> str:
        return self.code


class VatRate(models.Model):
    """A rate from a day on. It ends where the code's next rate begins, so rates cannot overlap."""

    vat_code = models.ForeignKey(VatCode, on_delete=models.PROTECT, related_name="rates")
    starts_on = models.DateField()
    basis_points = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vat_code", "starts_on"], name="vat_rate_one_a_day"),
            models.CheckConstraint(condition=Q(basis_points__lte=10_000), name="vat_rate_sensible"),
        ]

    def __str__(self) -> str:
        return f"{self.vat_code} from {self.starts_on}"


class CostCentre(models.Model):
    """A part of the council that bears costs and income, as its finance system codes it."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="cost_centre_code_unique")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Office(models.Model):
    """A place or team that takes money. People belong to one."""

    code = models.CharField(max_length=4)
    name = models.CharField(max_length=50)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="office_code_unique")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Fund(models.Model):
    """A kind of income, where it goes in the ledger, and what may be paid into it.

    Limits are pence of one payment without sign. `reference_rule_code` names a rule of
    ims.accounts, which is another app: the database does not check it.
    """

    class Purpose(models.TextChoices):
        INCOME = "income", "Income"
        SUSPENSE = "suspense", "Suspense"

    code = models.CharField(max_length=5)
    name = models.CharField(max_length=50)
    display_name = models.CharField(max_length=50, blank=True, default="", db_default="")
    ledger_code = models.CharField(max_length=40)
    cost_centre = models.ForeignKey(CostCentre, on_delete=models.PROTECT, null=True, blank=True)
    owner_service = models.CharField(max_length=60, blank=True, default="", db_default="")
    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.INCOME)
    vat_code = models.ForeignKey(VatCode, on_delete=models.PROTECT)
    vat_override = models.BooleanField(default=False, db_default=False)
    channels = _channels()
    min_pence = models.BigIntegerField(null=True, blank=True)
    max_pence = models.BigIntegerField(null=True, blank=True)
    account_rule = models.CharField(
        max_length=6,
        choices=AccountRule.choices,
        default=AccountRule.FORM,
        db_default=AccountRule.FORM.value,
    )
    account_label = models.CharField(max_length=40, default="Account number")
    account_hint = models.CharField(max_length=200, blank=True, default="", db_default="")
    account_pattern = models.CharField(max_length=200, blank=True)
    reference_rule_code = models.CharField(max_length=40, blank=True, default="", db_default="")
    over_pay = models.CharField(
        max_length=6,
        choices=OverPay.choices,
        default=OverPay.ALLOW,
        db_default=OverPay.ALLOW.value,
    )
    credit_notes_allowed = models.BooleanField(default=False, db_default=False)
    payer_message = models.CharField(max_length=500, blank=True, default="", db_default="")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="fund_code_unique"),
            models.UniqueConstraint(
                fields=["purpose"],
                condition=Q(purpose="suspense"),
                name="fund_one_suspense",
            ),
            _limits("fund_limits_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class FundGroup(models.Model):
    """Funds that the same people may work with."""

    code = models.CharField(max_length=10)
    name = models.CharField(max_length=50)
    funds = models.ManyToManyField(Fund, blank=True, related_name="groups")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="fund_group_code_unique")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class MethodOfPayment(models.Model):
    """How money arrives, and the control account it arrives in.

    `purpose` is what kind of money it is; `uses` are the jobs it does for the whole council: of
    several methods with one job, the first in use by code. Limits are pence of one payment without
    sign. `payment_account_code` names an account of ims.payments: the database does not check it.
    """

    Purpose = MethodPurpose

    code = models.CharField(max_length=5)
    name = models.CharField(max_length=40)
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    uses = ArrayField(
        models.CharField(max_length=20, choices=Use.choices),
        default=list,
        db_default=[],
        blank=True,
    )
    control_code = models.CharField(max_length=40)
    channels = _channels()
    min_pence = models.BigIntegerField(null=True, blank=True)
    max_pence = models.BigIntegerField(null=True, blank=True)
    is_refundable = models.BooleanField(default=False, db_default=False)
    is_reversal = models.BooleanField(default=False, db_default=False)
    fees = models.CharField(
        max_length=8, choices=Fee.choices, default=Fee.NONE, db_default=Fee.NONE.value
    )
    fees_fund = models.ForeignKey(
        Fund, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    fees_account = models.CharField(max_length=40, blank=True, default="", db_default="")
    payment_account_code = models.CharField(max_length=40, blank=True, default="", db_default="")
    colour = models.CharField(max_length=7, blank=True, default="", db_default="")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="method_code_unique"),
            models.UniqueConstraint(
                fields=["purpose"], condition=Q(purpose="journal"), name="method_one_journal"
            ),
            models.CheckConstraint(
                condition=~Q(fees="central") | (Q(fees_fund__isnull=False) & ~Q(fees_account="")),
                name="method_central_fee_has_account",
            ),
            _limits("method_limits_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class MoneySettings(models.Model):
    """The council's own choices about money. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    vat_rounding = models.CharField(
        max_length=9,
        choices=[(rounding.value, rounding.value) for rounding in Rounding],
        default=Rounding.HALF_UP.value,
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="money_settings_one")]

    def __str__(self) -> str:
        return "Money settings"
