"""A new council's ledger file layouts."""

from __future__ import annotations

from typing import Any

from ims.exports.errors import LayoutNotFound
from ims.exports.layout_reading import read_layout, shipped_definitions
from ims.exports.models import ExportLayout


def provision(starter: dict[str, Any]) -> None:
    """Store the shipped layouts named by `exports.layouts` of a starter pack, or all. Idempotent.

    Raises LayoutNotFound for a name that is not shipped.
    """
    shipped = {str(definition["code"]): definition for definition in shipped_definitions()}
    for code in starter.get("exports", {}).get("layouts", shipped):
        if code not in shipped:
            raise LayoutNotFound(
                f"The starter pack names the ledger file layout “{code}”. "
                f"Use one of: {', '.join(shipped)}.",
                layout=code,
            )
        layout = read_layout(shipped[code])
        ExportLayout.objects.get_or_create(
            code=code,
            defaults={"name": layout.name, "definition": shipped[code], "shipped_code": code},
        )
