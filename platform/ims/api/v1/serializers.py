"""The shapes of version 1, for the description of the API and for reading requests.

Amounts are whole pence, rates are basis points, dates are YYYY-MM-DD, instants are ISO 8601 in UTC.
"""

from __future__ import annotations

from rest_framework import serializers

MAX_ROWS = 5_000


class Fund(serializers.Serializer[object]):
    """A kind of income."""

    code = serializers.CharField()
    name = serializers.CharField()
    public_name = serializers.CharField(help_text="What payers are shown.")
    vat_code = serializers.CharField()
    account_label = serializers.CharField(help_text="What the reference is called on a bill.")
    account_rule = serializers.ChoiceField(choices=["none", "form", "exists"])
    reference_rule = serializers.CharField(allow_blank=True)
    channels = serializers.ListField(child=serializers.CharField())
    min_pence = serializers.IntegerField(allow_null=True)
    max_pence = serializers.IntegerField(allow_null=True)
    is_suspense = serializers.BooleanField()
    is_active = serializers.BooleanField()


class VatRate(serializers.Serializer[object]):
    """A rate from a day on, until the next."""

    starts_on = serializers.DateField()
    basis_points = serializers.IntegerField(help_text="2000 is 20%.")


class VatCode(serializers.Serializer[object]):
    """A VAT treatment, with its rates."""

    code = serializers.CharField()
    name = serializers.CharField()
    rates = VatRate(many=True)


class Method(serializers.Serializer[object]):
    """A method of payment."""

    code = serializers.CharField()
    name = serializers.CharField()
    purpose = serializers.CharField()
    channels = serializers.ListField(child=serializers.CharField())
    min_pence = serializers.IntegerField(allow_null=True)
    max_pence = serializers.IntegerField(allow_null=True)
    is_refundable = serializers.BooleanField()
    is_active = serializers.BooleanField()


class Account(serializers.Serializer[object]):
    """An account of a fund."""

    fund = serializers.CharField()
    reference = serializers.CharField()
    title = serializers.CharField()
    forename = serializers.CharField()
    surname = serializers.CharField()
    address = serializers.ListField(child=serializers.CharField())
    postcode = serializers.CharField()
    balance_pence = serializers.IntegerField(help_text="What is owed; below zero is in credit.")
    is_closed = serializers.BooleanField()
    messages = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of the stops and warnings on it."
    )


class ReferenceToCheck(serializers.Serializer[object]):
    """A reference to check, as the person typed it."""

    fund = serializers.CharField(max_length=5)
    reference = serializers.CharField(max_length=200, allow_blank=True, trim_whitespace=False)
    channel = serializers.ChoiceField(
        choices=["online", "phone", "counter", "post", "bank", "api"], default="api"
    )
    amount_pence = serializers.IntegerField(
        required=False, allow_null=True, min_value=-(10**12), max_value=10**12
    )
    method = serializers.CharField(required=False, max_length=5)


class Step(serializers.Serializer[object]):
    """What one step found."""

    step = serializers.CharField()
    ok = serializers.BooleanField()
    words = serializers.CharField()


class Verdict(serializers.Serializer[object]):
    """What every step found. `reference` is the form in which it would be kept."""

    ok = serializers.BooleanField()
    reference = serializers.CharField()
    steps = Step(many=True)


class LoadToMake(serializers.Serializer[object]):
    """Accounts to load into one fund; each row as in docs/reference/account-file.md."""

    fund = serializers.CharField(max_length=5)
    mode = serializers.ChoiceField(
        choices=["full", "delta"],
        help_text="full closes the accounts that are not in the rows; delta leaves them.",
    )
    rows = serializers.ListField(
        child=serializers.DictField(child=serializers.CharField(allow_blank=True)),
        min_length=1,
        max_length=MAX_ROWS,
    )


class Load(serializers.Serializer[object]):
    """A load of accounts, and what it changes."""

    id = serializers.IntegerField()
    fund = serializers.CharField()
    mode = serializers.CharField()
    state = serializers.CharField()
    refusal = serializers.CharField(allow_blank=True)
    rows = serializers.IntegerField()
    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    reopened = serializers.IntegerField()
    closed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    rejected = serializers.IntegerField()
    received_at = serializers.DateTimeField()
    applied_at = serializers.DateTimeField(allow_null=True)


class Problem(serializers.Serializer[object]):
    """An error (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable: docs/reference/errors.md.")
    detail = serializers.CharField()
    facts = serializers.DictField(required=False)
    instance = serializers.CharField()
    request_id = serializers.CharField()


class Funds(serializers.Serializer[object]):
    """Every fund."""

    items = Fund(many=True)


class VatCodes(serializers.Serializer[object]):
    """Every VAT code."""

    items = VatCode(many=True)


class Methods(serializers.Serializer[object]):
    """Every method of payment."""

    items = Method(many=True)


class Accounts(serializers.Serializer[object]):
    """Some accounts; `next` is the address of more, or null."""

    items = Account(many=True)
    next = serializers.CharField(allow_null=True, help_text="A path on this host.")
