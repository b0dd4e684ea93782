"""How account references are made, and the accounts of each fund."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ims.accounts import states

# --- reference rules and check digits ------------------------------------------------------------


class CheckDigit(models.Model):
    """How the check character of a reference is worked out. Many rules may share one.

    `result_substitutions` is a comma list of `result:character`, `alphabet` one of `letter=number`,
    as people write them; check_digits.py reads both.
    """

    class Method(models.TextChoices):
        WEIGHTED = "weighted", "Weighted sum"
        LUHN_VARIANT = "luhn_variant", "Luhn with own weights (“Dynix library”)"
        LUHN = "luhn", "Luhn (modulus 10)"
        MOD_97_10 = "mod_97_10", "ISO 7064 Mod 97-10"
        MOD_11_2 = "mod_11_2", "ISO 7064 Mod 11-2"
        MOD_37_36 = "mod_37_36", "ISO 7064 Mod 37,36"
        VERHOEFF = "verhoeff", "Verhoeff"
        DAMM = "damm", "Damm"

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    method = models.CharField(max_length=12, choices=Method.choices)
    modulus = models.PositiveSmallIntegerField(null=True, blank=True)
    weights = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    source_substitution = models.CharField(max_length=20, blank=True)
    result_substitutions = models.CharField(max_length=200, blank=True)
    subtract = models.BooleanField(default=False)
    alphabet = models.CharField(max_length=300, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="check_digit_code_unique")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ReferenceRule(models.Model):
    """What the account references of a fund look like. Many funds may share one."""

    class Characters(models.TextChoices):
        ANY = "", "Any characters"
        LETTERS = "letters", "Letters"
        LETTERS_SPACES = "letters_spaces", "Letters and spaces"
        DIGITS = "digits", "Digits"
        DIGITS_SPACES = "digits_spaces", "Digits and spaces"
        LETTERS_DIGITS = "letters_digits", "Letters and digits"
        LETTERS_DIGITS_SPACES = "letters_digits_spaces", "Letters, digits and spaces"

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    min_length = models.PositiveSmallIntegerField(default=1)
    max_length = models.PositiveSmallIntegerField(default=30)
    characters = models.CharField(max_length=21, choices=Characters.choices, blank=True)
    pattern = models.CharField(max_length=200, blank=True)
    mask = models.CharField(max_length=40, blank=True)
    check_digit = models.ForeignKey(
        CheckDigit, on_delete=models.PROTECT, null=True, blank=True, related_name="rules"
    )
    strip_spaces = models.BooleanField(default=True)
    upper_case = models.BooleanField(default=True)
    example_reference = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="reference_rule_code_unique"),
            models.CheckConstraint(
                condition=models.Q(min_length__gte=1)
                & models.Q(max_length__gte=models.F("min_length")),
                name="reference_rule_lengths",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


# --- accounts, and the files that bring them ------------------------------------------------------


class AccountMessage(models.Model):
    """What staff and payers are told about an account of a fund, and whether it stops a payment.

    No channel named means every channel.
    """

    class Severity(models.TextChoices):
        INFORMATION = "information", "Information"
        WARNING = "warning", "Warning"
        STOP = "stop", "Stop"

    code = models.CharField(max_length=20)
    fund = models.ForeignKey("funds.Fund", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    severity = models.CharField(max_length=11, choices=Severity.choices)
    words_to_staff = models.CharField(max_length=300)
    words_to_payer = models.CharField(max_length=300, blank=True)
    channels = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    external_code = models.CharField(max_length=20, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="account_message_code_unique"),
            models.UniqueConstraint(
                fields=["fund", "external_code"],
                condition=~models.Q(external_code=""),
                name="account_message_external_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class AccountValues(models.Model):
    """What a back-office system tells of an account. Amounts in pence.

    Columns that are looked up sort by code point, so that a beginning (`LIKE 'SMI%'`) is found by
    their index whatever the database's language is.
    """

    reference = models.CharField(max_length=40, db_collation="C")
    title = models.CharField(max_length=20, blank=True)
    forename = models.CharField(max_length=60, blank=True)
    surname = models.CharField(max_length=100, blank=True)
    address_1 = models.CharField(max_length=100, blank=True)
    address_2 = models.CharField(max_length=100, blank=True)
    address_3 = models.CharField(max_length=100, blank=True)
    address_4 = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=10, blank=True, db_collation="C")
    record_type = models.CharField(max_length=20, blank=True)
    user_1 = models.CharField(max_length=100, blank=True)
    user_2 = models.CharField(max_length=100, blank=True)
    user_3 = models.CharField(max_length=100, blank=True)
    email = models.CharField(max_length=254, blank=True)
    name_key = models.CharField(max_length=60, blank=True, db_collation="C")
    balance_pence = models.BigIntegerField(default=0)
    period_debit_pence = models.BigIntegerField(null=True)
    period_credit_pence = models.BigIntegerField(null=True)
    balance_on = models.DateField(null=True)
    is_closed = models.BooleanField(default=False)

    class Meta:
        abstract = True


class AccountHolder(AccountValues):
    """An account of a fund. The same reference may exist in two funds. Never deleted, but closed.

    `source_load_id` is plain: a key on every row costs a quarter of a large load's time.
    """

    fund = models.ForeignKey(
        "funds.Fund", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    message = models.ForeignKey(
        AccountMessage, on_delete=models.PROTECT, null=True, related_name="accounts",
        db_index=False,
    )  # fmt: skip
    digest = models.UUIDField()  # of all its values but is_closed: see cells.digest_of
    closed_at = models.DateTimeField(null=True)
    source_load_id = models.BigIntegerField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "reference"], name="account_once_in_fund")
        ]
        # Each serves one search of the page; every further one slows a load.
        indexes = [
            models.Index(fields=["name_key"], name="account_by_name"),
            models.Index(fields=["postcode"], name="account_by_postcode"),
            models.Index(
                fields=["message"],
                condition=models.Q(message__isnull=False),
                name="account_by_message",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class FundAccounts(models.Model):
    """The accounts of a fund as a whole. Its row is the lock that every change takes.

    `version` rises with every change, which is how a preview knows that it is out of date.
    """

    fund = models.OneToOneField(
        "funds.Fund", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    version = models.BigIntegerField(default=0)
    open_count = models.PositiveIntegerField(default=0)
    closed_count = models.PositiveIntegerField(default=0)
    last_load_id = models.BigIntegerField(null=True)
    last_loaded_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Accounts of fund {self.fund_id}"


class AccountLoadSettings(models.Model):
    """When a load asks first. One row. Percentages are of the fund's accounts, or of the lines."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    closing_percent = models.PositiveSmallIntegerField(default=10)
    rejected_percent = models.PositiveSmallIntegerField(default=10)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="account_load_settings_one"),
            models.CheckConstraint(
                condition=models.Q(closing_percent__lte=100, rejected_percent__lte=100),
                name="account_load_settings_percent",
            ),
        ]

    def __str__(self) -> str:
        return "Account load settings"


class AccountLoad(models.Model):
    """A file of accounts for one fund, what it would change, and what became of it."""

    class Mode(models.TextChoices):
        FULL = "full", "Full refresh"
        DELTA = "delta", "Changes only"

    fund = models.ForeignKey("funds.Fund", on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=5, choices=Mode.choices)
    state = models.CharField(
        max_length=8, choices=[(state, state) for state in states.STATES], default=states.FIRST
    )
    file_name = models.CharField(max_length=200)
    stored_path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    idempotency_key = models.CharField(max_length=100, blank=True)
    applies_itself = models.BooleanField(default=False)  # once read, when nobody need be asked
    refusal = models.TextField(blank=True)
    # The version of the fund's accounts that the preview was made against.
    base_version = models.BigIntegerField(default=0)
    row_count = models.PositiveIntegerField(default=0)
    added_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    reopened_count = models.PositiveIntegerField(default=0)
    closed_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)
    rejected_count = models.PositiveIntegerField(default=0)
    open_before_count = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=100)
    applying_by = models.CharField(max_length=100, blank=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "sha256", "mode"],
                condition=models.Q(state__in=[states.RECEIVED, states.READY, states.APPLYING]),
                name="account_load_once_under_way",
            ),
            models.UniqueConstraint(
                fields=["idempotency_key"],
                condition=~models.Q(idempotency_key=""),
                name="account_load_key_once",
            ),
        ]
        indexes = [models.Index(fields=["-received_at"], name="account_load_newest")]

    def __str__(self) -> str:
        return self.file_name


class AccountLoadRow(AccountValues):
    """One difference that a load would make, or a line that it cannot use.

    Differences are deleted once they are applied: they are then in the accounts.
    """

    class Outcome(models.TextChoices):
        ADD = "add", "Added"
        CHANGE = "change", "Changed"
        REOPEN = "reopen", "Reopened"
        CLOSE = "close", "Closed"
        REJECT = "reject", "Rejected"

    load_id = models.BigIntegerField()
    outcome = models.CharField(max_length=6, choices=Outcome.choices)
    line_number = models.PositiveIntegerField(null=True)
    account_id = models.BigIntegerField(null=True)
    message_id = models.BigIntegerField(null=True)
    field = models.CharField(max_length=20, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    raw = models.CharField(max_length=1000, blank=True)
    digest = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["load_id", "outcome", "id"], name="account_load_row_of")]

    def __str__(self) -> str:
        return f"{self.outcome} {self.reference}"
