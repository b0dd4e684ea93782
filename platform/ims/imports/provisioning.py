"""A new council's import profiles and rules, from its starter pack."""

from __future__ import annotations

from typing import Any

from django.utils.text import slugify

from ims.funds.selectors import book
from ims.imports.models import ImportProfile, ImportRule
from ims.imports.rules import compile_rules
from ims.imports.selectors import active_rules


def provision(starter: dict[str, Any]) -> None:
    """Write the `profiles` and `rules` tables of a starter pack. Idempotent.

    Raises RuleUnusable for a rule that cannot be compiled.
    """
    for row in starter.get("profiles", []):
        values = {key: value for key, value in row.items() if key != "code"}
        ImportProfile.objects.get_or_create(code=row["code"], defaults=values)
    for order, row in enumerate(starter.get("rules", []), start=1):
        ImportRule.objects.get_or_create(
            name=row["name"],
            defaults={
                "code": row.get("code") or rule_code(row["name"]),
                "order": order * 10,
                "conditions": row.get("conditions", []),
                "action": row["action"],
            },
        )
    compile_rules(active_rules(), book().account_patterns())


def rule_code(name: str) -> str:
    """A code for a rule that has none: `Council Tax` is `council-tax`. Another rule's gets `-2`."""
    code = slugify(name)[:36].strip("-") or "rule"
    taken = set(ImportRule.objects.filter(code__startswith=code).values_list("code", flat=True))
    numbered = (f"{code}-{number}" for number in range(2, len(taken) + 2))
    return code if code not in taken else next(each for each in numbered if each not in taken)
