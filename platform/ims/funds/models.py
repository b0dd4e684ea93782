"""Funds, VAT codes with dated rates, methods of payment, and the council's money settings."""

from __future__ import annotations

from django.db import models

from ims.funds.vat import Rounding


class VatCode(models.Model):
    """A VAT treatment, such as standard or outside the scope."""

    code = models.CharField(max_length=3)
    name = models.CharField(max_length=60)

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
            models.CheckConstraint(
                condition=models.Q(basis_points__lte=10_000), name="vat_rate_sensible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vat_code} from {self.starts_on}"


class Fund(models.Model):
    """A kind of income, and where it goes in the ledger."""

    class Purpose(models.TextChoices):
        INCOME = "income", "Income"
        SUSPENSE = "suspense", "Suspense"

    code = models.CharField(max_length=5)
    name = models.CharField(max_length=50)
    ledger_code = models.CharField(max_length=40)
    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.INCOME)
    vat_code = models.ForeignKey(VatCode, on_delete=models.PROTECT)
    account_label = models.CharField(max_length=40, default="Account number")
    account_pattern = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="fund_code_unique"),
            models.UniqueConstraint(
                fields=["purpose"],
                condition=models.Q(purpose="suspense"),
                name="fund_one_suspense",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class MethodOfPayment(models.Model):
    """How money arrives, and the control account it arrives in."""

    class Purpose(models.TextChoices):
        CARD = "card", "Card"
        CASH = "cash", "Cash"
        CHEQUE = "cheque", "Cheque"
        BANK = "bank", "Bank credit"
        DIRECT_DEBIT = "direct_debit", "Direct Debit"
        COLLECTED = "collected", "Collection agent"
        JOURNAL = "journal", "Journal"

    code = models.CharField(max_length=5)
    name = models.CharField(max_length=40)
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    control_code = models.CharField(max_length=40)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="method_code_unique"),
            models.UniqueConstraint(
                fields=["purpose"], condition=models.Q(purpose="journal"), name="method_one_journal"
            ),
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
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="money_settings_one")]

    def __str__(self) -> str:
        return "Money settings"
