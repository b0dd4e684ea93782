"""Every address needs a permission, or is on the list of those open to all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path

from ims_config import urls_council, urls_public
from ims_kernel.identity import permissions
from ims_kernel.identity.gate import open_to_all, requires

# Views that nobody has to sign in for, by dotted name, with the reason. Add one on purpose.
OPEN = {
    "ims_kernel.web.theme.theme_css": "the style of one colour, on the sign-in page too",
    "ims.backoffice.look.views.logo": "the council's picture, on the sign-in page too",
    "ims_kernel.web.statement.accessibility": "the law wants it found without signing in",
    "ims_kernel.signin.pages.sign_in.sign_in": "nobody is signed in yet",
    "ims_kernel.signin.pages.sign_in.sign_out": "it ends what there is, or does nothing",
    "ims_kernel.signin.pages.second_step.code": "the second half of signing in",
    "ims_kernel.signin.pages.second_step.passkey": "another way of signing in",
    "ims_kernel.signin.pages.single_sign_on.leave": "another way of signing in",
    "ims_kernel.signin.pages.single_sign_on.back": "the way back from the council's provider",
    "ims_kernel.signin.pages.password.forgot": "who forgot a password cannot sign in",
    "ims_kernel.signin.pages.password.new_password": "opens by a link that was sent",
    # About oneself: they ask who it is (signin.pages.own) and need no permission.
    "ims_kernel.signin.pages.password.change": "one's own password",
    "ims_kernel.signin.pages.security.security": "one's own sessions and second factors",
    "ims_kernel.signin.pages.security.remove": "one's own second factors",
    "ims_kernel.signin.pages.security.recovery_codes": "one's own recovery codes",
    "ims_kernel.signin.pages.security.sign_out_elsewhere": "one's own sessions",
    "ims_kernel.signin.pages.security.confirm": "who it is",
    "ims_kernel.signin.pages.set_up.set_up": "one's own second factors",
    "ims_kernel.signin.pages.set_up.app": "one's own second factors",
    "ims_kernel.signin.pages.set_up.passkey": "one's own second factors",
    "ims.backoffice.people.accepting.accept": "whoever is invited has no password yet",
    "ims_tenants.console.views.about": "what the service is, with no council's data",
}

Patterns = list[URLPattern | URLResolver]
PLACES = {"council": urls_council.urlpatterns, "public": urls_public.urlpatterns}


def views(patterns: Patterns, prefix: str = "/") -> Iterator[tuple[str, Callable[..., Any]]]:
    for each in patterns:
        address = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from views(each.url_patterns, address)
        else:
            yield address, each.callback


def name_of(view: Callable[..., Any]) -> str:
    return f"{view.__module__}.{view.__qualname__}"


def problems(patterns: Patterns, allowed: dict[str, str]) -> Iterator[str]:
    for address, view in views(patterns):
        permission = getattr(view, "required_permission", None)
        is_open = getattr(view, "is_open_to_all", False)
        if permission is None and not is_open and name_of(view) not in allowed:
            yield f"{address} ({name_of(view)}) says nothing: add @requires(…) or @open_to_all."
        elif permission is not None and permission not in permissions.registered():
            yield f"{address} requires “{permission}”, which no apps.py registers."
        elif is_open and name_of(view) not in allowed:
            yield f"{address} is open to all. If it must be, add {name_of(view)} to OPEN here."


@pytest.mark.parametrize("place", PLACES)
def test_every_address_requires_a_permission_or_is_listed_as_open(place: str) -> None:
    found = list(problems(PLACES[place], OPEN))
    assert not found, "\n".join(found)


def test_every_open_view_on_the_list_is_there() -> None:
    there = {name_of(view) for patterns in PLACES.values() for _, view in views(patterns)}
    assert set(OPEN) <= there, f"Delete from OPEN: {', '.join(sorted(set(OPEN) - there))}."


def test_an_address_without_a_word_about_permissions_is_caught() -> None:
    def bare(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    @open_to_all
    def front_door(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    @requires("nobody.registered_this")
    def guarded(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    @requires("suspense.view")
    def good(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    patterns: Patterns = [
        path("a", bare),
        path("b", front_door),
        path("c", guarded),
        path("d", good),
    ]
    found = list(problems(patterns, {}))
    assert [each.split(" ")[0] for each in found] == ["/a", "/b", "/c"]
    assert len(list(problems(patterns, {name_of(front_door): "a test"}))) == 2
