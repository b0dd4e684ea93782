"""The council's rules about people: when accounts sleep, and what needs a second person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ims.backoffice.asking import actor_of
from ims.backoffice.people.forms import SettingsForm
from ims.backoffice.people.views import MANAGE
from ims_kernel import clock
from ims_kernel.identity import people, second_person, selectors
from ims_kernel.identity.gate import requires
from ims_kernel.identity.second_person import Act, Rule
from ims_kernel.permissions import Actor
from ims_kernel.records.kinds import Kind, all_kinds
from ims_kernel.records.proposals import act_of
from ims_kernel.web.forms import MoneyField, PageForm


class RulesForm(PageForm):
    """One tick for each act that can need a second person, and from how much if it has amounts."""

    def __init__(self, *args: Any, rules: list[Rule], **options: Any) -> None:
        super().__init__(*args, **options)
        for rule in rules:
            self.fields[rule.act.name] = forms.BooleanField(
                required=False, label=rule.act.words, initial=rule.is_needed
            )
            if rule.act.has_amount:
                self.fields[f"{rule.act.name}-over"] = MoneyField(
                    required=False,
                    label=f"Only over this amount: {rule.act.words.lower()}",
                    initial=rule.over_pence,
                )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def people_rules(request: HttpRequest) -> HttpResponse:
    """Both kinds of rule on one page, saved together."""
    kept = selectors.people_settings()
    acts = [_act_of(kind) for kind in all_kinds()]
    rules = second_person.rules(*acts)
    data = request.POST if request.method == "POST" else None
    start = {"dormant": kept.dormant_after_days, "invitation": kept.invitation_days}
    settings, ticks = SettingsForm(data, initial=start), RulesForm(data, rules=rules)
    if data is not None and settings.is_valid() and ticks.is_valid():
        _save(actor_of(request), settings, ticks, rules)
        messages.success(request, "The rules are saved.")
        return redirect("people_rules")
    context = {"form": settings, "ticks": ticks, "rules": rules}
    status = 400 if settings.errors or ticks.errors else 200
    return render(request, "backoffice/people/rules.html", context, status=status)


def _act_of(kind: Kind) -> Act:
    words = kind.plural[:1].lower() + kind.plural[1:] if kind.plural[:2].istitle() else kind.plural
    return Act(act_of(kind), f"Changing {words}", default=kind.second_person)


def _save(actor: Actor, settings: SettingsForm, ticks: RulesForm, rules: list[Rule]) -> None:
    at = clock.now()
    people.save_settings(
        dormant_after_days=settings.cleaned_data["dormant"],
        invitation_days=settings.cleaned_data["invitation"],
        actor=actor,
        at=at,
    )
    for rule in rules:
        second_person.save(
            rule.act,
            is_needed=ticks.cleaned_data[rule.act.name],
            over_pence=ticks.cleaned_data.get(f"{rule.act.name}-over"),
            actor=actor,
            at=at,
        )
