"""Roles: what each lets its people do, and adding one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from ims.backoffice.asking import actor_of, step_of
from ims.backoffice.people import showing
from ims.backoffice.people.forms import RoleForm
from ims.backoffice.people.person import show_refusal
from ims.backoffice.people.views import VIEW
from ims.backoffice.roles import not_there
from ims_kernel import clock
from ims_kernel.audit.selectors import history_of
from ims_kernel.errors import ImsError
from ims_kernel.identity import roles, selectors
from ims_kernel.identity.gate import requires
from ims_kernel.identity.scopes import all_choices
from ims_kernel.permissions import facts_of, registered

if TYPE_CHECKING:
    from ims_kernel.identity.models import Role

MANAGE = "roles.manage"
_OF_THE_PLATFORM = "councils."
_HEADINGS = {
    "api": "API",
    "apikeys": "API keys",
    "ledger": "Transactions",
    "receipts": "Taking money",
    "exports": "Ledger files",
    "people": "People",
    "roles": "Roles",
}


def grouped(held: frozenset[str]) -> list[dict[str, Any]]:
    """Every permission of a council under the heading of its app, ticked when it is held."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for name, words in registered().items():
        if name.startswith(_OF_THE_PLATFORM):
            continue
        hint = {"hint": {"text": "Can be limited"}} if facts_of(name) else {}
        item = {"value": name, "text": words, "checked": name in held, **hint}
        groups.setdefault(name.split(".")[0], []).append(item)
    return [
        {"name": app, "heading": _HEADINGS.get(app, app.capitalize()), "items": items}
        for app, items in sorted(groups.items())
    ]


@require_safe
@requires(VIEW)
def role_list(request: HttpRequest) -> HttpResponse:
    """The roles of the council, and those it could add ready-made."""
    found = selectors.roles()
    context = {
        "roles": found,
        "presets": not_there([role.name for role in found]),
        "may_manage": actor_of(request).may(MANAGE),
    }
    return render(request, "backoffice/people/roles.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def add_role(request: HttpRequest) -> HttpResponse:
    """A new role, empty or from a ready-made one (`?from=Cashier`)."""
    start = next(
        (preset for preset in not_there([]) if preset.name == request.GET.get("from", "")), None
    )
    initial = {"name": start.name, "description": start.description} if start else {}
    form = RoleForm(request.POST if request.method == "POST" else None, initial=initial)
    ticked = frozenset(
        request.POST.getlist("permissions")
        if request.method == "POST"
        else (start.permissions if start else ())
    )
    if form.is_valid():
        try:
            role_id = roles.add(
                form.cleaned_data["name"],
                form.cleaned_data["description"],
                ticked,
                actor=actor_of(request),
                at=clock.now(),
            )
        except ImsError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "The role is added. Give it to people on their own pages.")
            return redirect("role", role_id)
    context = {"form": form, "groups": grouped(ticked), "role": None}
    status = 400 if form.errors else 200
    return render(request, "backoffice/people/role_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(VIEW)
def role_detail(request: HttpRequest, role_id: int) -> HttpResponse:
    """One role: what it lets people do, who holds it, and what was changed."""
    role = selectors.get_role(role_id)
    actor = actor_of(request)
    if request.method == "POST":
        actor.require(MANAGE)
    form = RoleForm(
        request.POST if request.method == "POST" else None,
        initial={"name": role.name, "description": role.description},
    )
    ticked = frozenset(
        request.POST.getlist("permissions") if request.method == "POST" else role.permissions
    )
    if form.is_valid() and _changed(request, role, form, ticked):
        return redirect("role", role_id)
    names = all_choices()
    context = {
        "role": role,
        "form": form,
        "groups": grouped(ticked),
        "holders": [
            (grant.user, showing.row(grant, names, may_manage=False))
            for grant in selectors.holders_of(role_id)
        ],
        "may_manage": actor.may(MANAGE),
        "history": showing.history(history_of("role", role_id), names),
    }
    status = 400 if form.errors else 200
    return render(request, "backoffice/people/role_form.html", context, status=status)


def _changed(request: HttpRequest, role: Role, form: RoleForm, ticked: frozenset[str]) -> bool:
    try:
        roles.change(
            role.pk,
            name=form.cleaned_data["name"],
            description=form.cleaned_data["description"],
            permissions=ticked,
            actor=actor_of(request),
            at=clock.now(),
        )
    except ImsError as error:
        show_refusal(form, error)
        return False
    messages.success(request, "The role is saved. It holds for everybody who has it, at once.")
    return True


@step_of("role")
@requires(MANAGE)
def role_use(request: HttpRequest, role_id: int) -> HttpResponse:
    """Take a role nobody holds out of use, or bring it back."""
    role = selectors.get_role(role_id)
    step = roles.retire if role.is_active else roles.restore
    step(role_id, actor=actor_of(request), at=clock.now())
    words = "is out of use" if role.is_active else "can be given again"
    messages.success(request, f"“{role.name}” {words}.")
    return redirect("role", role_id)
