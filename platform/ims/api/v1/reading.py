"""Reading a request: what is wrong is a problem that names the field."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.serializers import Serializer

from ims.api.errors import RequestUnreadable


def read(shape: type[Serializer[object]], request: Request) -> dict[str, Any]:
    """The body of a request in its shape. Raises RequestUnreadable for the first bad field."""
    if not isinstance(request.data, dict):
        raise RequestUnreadable("Send a JSON object.", field="")
    if strange := sorted(set(request.data) - set(shape().fields)):
        raise RequestUnreadable(
            f"There is no field “{strange[0][:40]}”. There are: {', '.join(shape().fields)}.",
            field=strange[0][:40],
        )
    given = shape(data=request.data)
    if not given.is_valid():
        field, words = _first(given.errors)
        raise RequestUnreadable(f"{field}: {words}", field=field)
    found: dict[str, Any] = given.validated_data
    return found


def _first(errors: Any) -> tuple[str, str]:
    """(path, words) of the first error, however deep: `rows.3.reference`."""
    path = []
    while isinstance(errors, dict):
        name, errors = next(iter(errors.items()))
        path.append(str(name))
    first = errors[0] if isinstance(errors, list) and errors else errors
    return ".".join(path), str(first)
