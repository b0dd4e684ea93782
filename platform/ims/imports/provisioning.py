"""A new council's import profiles and rules, from its starter pack."""

from __future__ import annotations

from typing import Any

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
                "order": order * 10,
                "conditions": row.get("conditions", []),
                "action": row["action"],
            },
        )
    compile_rules(active_rules(), book().account_patterns())
