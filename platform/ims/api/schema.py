"""The description of the API (OpenAPI 3), made from the views."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from ims.api import urls
from ims.api.access import ApiView


class BearerKey(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the key is sent, for the description."""

    target_class = "ims.api.access.KeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002
        return {"type": "http", "scheme": "bearer", "bearerFormat": "ims_<prefix>_<secret>"}


def description() -> dict[str, Any]:
    """The whole description, the same for every council."""
    generator = SchemaGenerator(patterns=urls.described)  # type: ignore[no-untyped-call]
    found: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return found


class SchemaView(ApiView):
    """The description itself, for a council's developers."""

    required_permission = "settings.view"
    renderer_classes: ClassVar[list[Any]] = [OpenApiJsonRenderer]  # type: ignore[misc]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:  # noqa: ARG002 - REST framework's
        """The description as JSON."""
        return Response(description())
