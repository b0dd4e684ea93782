"""What a compared file would change, and the button that does it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ims.backoffice.asking import actor_of
from ims.backoffice.configuration import showing
from ims.backoffice.configuration.forms import ApplyForm
from ims_kernel import clock
from ims_kernel.configuration import applying, kept
from ims_kernel.configuration.applying import PERMISSION, Outcome
from ims_kernel.configuration.errors import ComparisonGone
from ims_kernel.configuration.kept import Comparison
from ims_kernel.errors import ImsError
from ims_kernel.identity.gate import requires
from ims_kernel.records.services import Asked
from ims_tenants.current import training_council


@require_http_methods(["GET", "HEAD", "POST"])
@requires(PERMISSION)
def comparison(request: HttpRequest, token: str) -> HttpResponse:
    """The changes by kind and record. A press of the button applies exactly these."""
    actor, now = actor_of(request), clock.now()
    found = kept.get(token, user_id=actor.user_id, now=now)
    form = ApplyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _check_source(found)
            done = kept.apply(found, Asked(actor, now, form.cleaned_data["reason"]))
        except ImsError as error:
            form.add_ims_error(error)
        else:
            _say(request, done)
            waits = any(change.what == applying.WAITING for change in done.changes)
            return redirect("setting_changes" if waits else "settings")
    return _page(request, found, form)


def _check_source(found: Comparison) -> None:
    """Settings of a training council are applied only while it still is ours."""
    if found.source == kept.FILE:
        return
    training = training_council()
    if training is None or str(training.uuid) != found.source:
        raise ComparisonGone(
            f"{found.name} is not your training council any more, so nothing was applied."
        )


def _page(request: HttpRequest, found: Comparison, form: ApplyForm) -> HttpResponse:
    from_file = found.source == kept.FILE
    context: dict[str, Any] = {
        "comparison": found,
        "outcome": found.outcome,
        "groups": showing.groups(found.outcome.changes),
        "counts": showing.counts(found.outcome.changes),
        "form": form,
        "from_file": from_file,
        "again": "setting_file" if from_file else "setting_promote",
    }
    return render(request, "backoffice/configuration/comparison.html", context)


def _say(request: HttpRequest, done: Outcome) -> None:
    waiting = [change for change in done.changes if change.what == applying.WAITING]
    made = [c for c in done.changes if c.what not in (applying.WAITING, applying.WAITING_ALREADY)]
    if made:
        words = "1 setting changed." if len(made) == 1 else f"{len(made):,} settings changed."
        messages.success(request, words)
    if waiting:
        count = len(waiting)
        words = "1 change waits" if count == 1 else f"{count:,} changes wait"
        messages.info(request, f"{words} for a second person. Nothing of it is different yet.")
