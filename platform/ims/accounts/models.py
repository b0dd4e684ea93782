"""How account references are made, and the accounts of each fund."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

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
