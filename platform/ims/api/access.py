"""Who asks: the key of the request becomes the actor that services are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rest_framework.authentication import BaseAuthentication
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ims.apikeys import keys
from ims.apikeys.errors import KeyRefused
from ims_kernel import clock, origin
from ims_kernel.permissions import Actor

if TYPE_CHECKING:
    from ims.apikeys.models import ApiKey

_SCHEME = "bearer"


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer ims_…`. There is no other way in: a session does not open the API."""

    def authenticate(self, request: Request) -> tuple[Actor, ApiKey]:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != _SCHEME:
            raise KeyRefused(keys.REFUSED)
        here = origin.current().address or ""
        key = keys.open_with(text.strip(), address=here, at=clock.now())
        return keys.actor_of(key), key


class ApiView(APIView):
    """A view of the API. `required_permission` is what the key's scopes must stand for."""

    authentication_classes: ClassVar[list[type[BaseAuthentication]]] = [KeyAuthentication]  # type: ignore[misc]
    permission_classes: ClassVar[list[Any]] = []  # type: ignore[misc]
    renderer_classes: ClassVar[list[Any]] = [JSONRenderer]  # type: ignore[misc]
    required_permission: ClassVar[str]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Before the view: a key that opens this council, with the permission."""
        super().initial(request, *args, **kwargs)
        self.actor.require(self.required_permission)

    @property
    def actor(self) -> Actor:
        """The system that asks."""
        found: Actor = self.request.user  # type: ignore[assignment]
        return found

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """As REST framework's; the view says its permission, which a test asks of every address."""
        view = super().as_view(**initkwargs)
        view.required_permission = cls.required_permission  # type: ignore[attr-defined]
        return view


def items(found: list[dict[str, Any]], **more: Any) -> Response:
    """A list in the form every list of the API has."""
    return Response({"items": found, **more})
