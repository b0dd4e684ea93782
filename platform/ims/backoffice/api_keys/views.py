"""Seeing, making and revoking keys of the API."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from ims.apikeys import keys
from ims.apikeys.errors import KeyUnusable
from ims.apikeys.scopes import SCOPES
from ims.backoffice.api_keys.forms import KeyForm, RevokeForm
from ims.backoffice.asking import actor_of
from ims_kernel import clock
from ims_kernel.errors import NotAllowed
from ims_kernel.identity.gate import requires

_COLOURS = {"in use": "green", "expired": "grey", "revoked": "red"}
# What the service calls a field, and what the form calls it.
_FIELDS = {"expires_at": "expires_on"}


@require_safe
@requires("apikeys.manage")
def key_list(request: HttpRequest) -> HttpResponse:
    """Every key: what it is for, until when, and when it was last used."""
    at = clock.now()
    rows = [
        {
            "key": key,
            "state": (state := keys.state_of(key, at)),
            "colour": _COLOURS[state],
            "scopes": [SCOPES[scope].words for scope in key.scopes if scope in SCOPES],
        }
        for key in keys.list_keys()
    ]
    return render(request, "backoffice/api_keys/list.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@requires("apikeys.manage")
def add(request: HttpRequest) -> HttpResponse:
    """Make a key. The answer shows it, once: it is nowhere to be had again."""
    form = KeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            key, text = keys.make_key(form.new_key(), actor=actor_of(request), at=clock.now())
        except KeyUnusable as error:
            named = str(error.facts["field"])
            form.add_ims_error(error, _FIELDS.get(named, named))
        except NotAllowed:
            form.add_error("scopes", "You may only select what you may do yourself.")
        else:
            return render(request, "backoffice/api_keys/made.html", {"key": key, "text": text})
    status = 400 if form.errors else 200
    return render(request, "backoffice/api_keys/add.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("apikeys.manage")
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    """Make a key useless from this moment."""
    key = keys.get_key(key_id)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        keys.revoke_key(key_id, actor=actor_of(request), at=clock.now(), reason=reason)
        messages.success(request, f"The key of {key.name} is revoked. It opens nothing any more.")
        return redirect("api_keys")
    context = {"form": form, "key": key}
    status = 400 if form.errors else 200
    return render(request, "backoffice/api_keys/revoke.html", context, status=status)
