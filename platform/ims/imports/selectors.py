"""Questions about imports, profiles and rules."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum

from ims.accounts.reference_book import rules_key as reference_rules_key
from ims.funds.selectors import funds_key
from ims.imports import states
from ims.imports.errors import ImportNotFound, ProfileNotFound
from ims.imports.models import ImportFile, ImportProfile, ImportRow, ImportRule
from ims.imports.rules import ACCOUNT_OF, AccountFrom, Action, Condition, Rule
from ims.receipts import selectors as receipts
from ims.suspense import selectors as suspense

if TYPE_CHECKING:
    from ims.funds.models import Fund


def list_imports(limit: int = 50) -> list[ImportFile]:
    """The newest imports, with their profiles."""
    return list(ImportFile.objects.select_related("profile").order_by("-received_at")[:limit])


def get_import(import_id: int) -> ImportFile:
    """The import. Raises ImportNotFound."""
    found = ImportFile.objects.select_related("profile").filter(pk=import_id).first()
    if found is None:
        raise ImportNotFound("There is no such import.", id=import_id)
    return found


def imports() -> QuerySet[ImportFile]:
    """Every import, for reports to narrow."""
    return ImportFile.objects.all()


def unfinished(*, received_before: datetime) -> QuerySet[ImportFile]:
    """Files that came before an instant and are still to be read or posted."""
    return ImportFile.objects.filter(
        state__in=[states.RECEIVED, states.POSTING], received_at__lt=received_before
    )


def rows(import_id: int) -> QuerySet[ImportRow]:
    """The rows of an import in the order of the file."""
    return ImportRow.objects.filter(import_file_id=import_id).order_by("row_number")


def find_row(import_id: int, row_number: int) -> ImportRow | None:
    """One row, or None."""
    return ImportRow.objects.filter(import_file_id=import_id, row_number=row_number).first()


def list_profiles() -> list[ImportProfile]:
    """The profiles in use, by name."""
    return list(ImportProfile.objects.filter(is_active=True).order_by("name"))


def get_profile(code: str) -> ImportProfile:
    """The profile in use with this code. Raises ProfileNotFound, naming those there are."""
    profile = ImportProfile.objects.filter(code=code, is_active=True).first()
    if profile is None:
        names = ", ".join(ImportProfile.objects.values_list("code", flat=True)) or "none"
        raise ProfileNotFound(f"There is no import profile “{code[:20]}”. There are: {names}.")
    return profile


def active_rules() -> list[Rule]:
    """The rules in use, in order."""
    found = ImportRule.objects.filter(is_active=True).order_by("order", "code")
    return [as_rule(row) for row in found]


def as_rule(row: ImportRule) -> Rule:
    """A stored rule as the engine needs it."""
    conditions = tuple(Condition(*condition) for condition in row.conditions)
    action = Action(
        row.action["fund"], AccountFrom(row.action["account_from"]), row.action.get("account", "")
    )
    return Rule(int(row.pk), row.name, conditions, action)


def rules_by_id() -> dict[int, Rule]:
    """Every rule, also those no longer in use, by id."""
    return {int(row.pk): as_rule(row) for row in ImportRule.objects.all()}


def rules_key() -> str:
    """Changes whenever a rule or what a fund accepts changes: what a preview was made with."""
    said = [repr(rule) for rule in active_rules()]
    said += funds_key() + reference_rules_key()
    return hashlib.blake2b("\n".join(said).encode(), digest_size=16).hexdigest()


def outcome_totals(import_id: int) -> dict[str, tuple[int, int]]:
    """Outcome -> (rows, pence) of an import."""
    found = (
        ImportRow.objects.filter(import_file_id=import_id)
        .values_list("outcome")
        .annotate(number=Count("row_number"), pence=Sum("amount_pence"))
    )
    return {outcome: (number, pence or 0) for outcome, number, pence in found}


def rule_totals(import_id: int) -> list[tuple[int | None, str, str, int, int]]:
    """(rule id, outcome, fund code, rows, pence), the most rows first."""
    found = (
        ImportRow.objects.filter(import_file_id=import_id)
        .values_list("rule_id", "outcome", "fund_code")
        .annotate(number=Count("row_number"), pence=Sum("amount_pence"))
        .order_by("-number")
    )
    return [
        (rule, outcome, fund, number, pence or 0) for rule, outcome, fund, number, pence in found
    ]


def count_of_profile(profile: ImportProfile) -> int:
    """How many files were received with a profile."""
    return ImportFile.objects.filter(profile=profile).count()


def count_rules_to(fund: Fund) -> int:
    """How many rules in use send money to a fund or look for its accounts."""
    return sum(
        rule.action.fund_code == fund.code
        or any(each.operator == ACCOUNT_OF and each.value == fund.code for each in rule.conditions)
        for rule in active_rules()
    )


def count_suspense_for(fund: Fund) -> int:
    """How many open suspense items are lines that a rule meant for a fund."""
    meant = ImportRow.objects.filter(
        import_file_id=OuterRef("import_file_id"), row_number=OuterRef("line_number")
    )
    waiting = suspense.open_items().order_by().values("entry_id")
    return (
        receipts.receipts()
        .filter(entry_id__in=waiting, import_file_id__isnull=False)
        .annotate(fund_code=Subquery(meant.values("fund_code")))
        .filter(fund_code=fund.code)
        .count()
    )
