"""Pages that try references out. References are sent by POST: they belong in no address or log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from ims.accounts.reference import STEP_NAMES
from ims.accounts.selectors import get_rule, reference_book, rules_to_try
from ims.backoffice.asking import actor_of
from ims.backoffice.reference_check.forms import RULE, AgainstForm, ManyForm, OneForm
from ims.backoffice.reference_check.reading import as_lines
from ims.backoffice.reference_check.trying import SHOWN, as_csv, tester, try_list
from ims_kernel import clock
from ims_kernel.audit.services import Subject, record_read
from ims_kernel.identity.gate import requires
from ims_kernel.permissions import OutOfScope

if TYPE_CHECKING:
    from ims.accounts.models import ReferenceRule

_ONE, _MANY = "backoffice/reference_check/one.html", "backoffice/reference_check/many.html"
_DOWNLOAD = "download"


@require_http_methods(["GET", "HEAD", "POST"])
@requires("accounts.view")
def test_one(request: HttpRequest) -> HttpResponse:
    """One reference, with the verdict of every step. Changes nothing."""
    _refuse_limited(request)
    references, rules = reference_book(), _rules(request.POST.get("against", ""))
    form = OneForm(request.POST or None, references=references, rules=rules)
    verdict = None
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        verdict = tester(references, answers)([answers["reference"]])[0]
    return render(request, _ONE, _context(form, verdict=verdict))


@require_safe
@requires("accounts.view")
def try_rule(request: HttpRequest, rule_code: str) -> HttpResponse:
    """The form for one reference, with a rule chosen and its own example filled in."""
    _refuse_limited(request)
    rule = get_rule(rule_code)
    start = {"against": f"{RULE}:{rule_code}", "reference": rule.example_reference}
    form = OneForm(initial=start, references=reference_book(), rules=_rules(start["against"]))
    return render(request, _ONE, _context(form))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("accounts.view")
def test_many(request: HttpRequest) -> HttpResponse:
    """A pasted or uploaded list, as a table or as a CSV file. Changes nothing and keeps nothing."""
    _refuse_limited(request)
    references, rules = reference_book(), _rules(request.POST.get("against", ""))
    posted = request.method == "POST"
    form = (
        ManyForm(request.POST, request.FILES, references=references, rules=rules)
        if posted
        else ManyForm(references=references, rules=rules)
    )
    if not (posted and form.is_valid()):
        return render(request, _MANY, _context(form))
    answers = form.cleaned_data
    given = answers["references"]
    results = try_list(tester(references, answers), given)
    if _DOWNLOAD in request.POST:
        subject = Subject("reference_check", answers["against"])
        record_read(
            actor_of(request), subject, at=clock.now(), act="accounts.download_reference_check",
            references=len(given),
        )  # fmt: skip
        response = HttpResponse(as_csv(results), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="tested-references.csv"'
        return response
    context = _context(form, results=results, most=SHOWN, lines=as_lines(given))
    return render(request, _MANY, context)


def _refuse_limited(request: HttpRequest) -> None:
    """A verdict tells which accounts there are in any fund."""
    if actor_of(request).within("accounts.view", "fund") is not None:
        raise OutOfScope(
            "Testing references looks into the accounts of every fund, and your role is limited to "
            "some of them.",
            permission="accounts.view",
        )


def _rules(chosen: str) -> list[ReferenceRule]:
    """The rules to choose from: those in use, and the chosen one also when it is retired."""
    kind, _, code = chosen.partition(":")
    return rules_to_try(code if kind == RULE else "")


def _context(form: AgainstForm, **more: Any) -> dict[str, Any]:
    chosen = dict(form.fields["against"].choices).get(form["against"].value() or "", "")  # type: ignore[attr-defined]
    nothing = {"verdict": None, "results": None}
    return {"form": form, "chosen": chosen, "steps": STEP_NAMES, **nothing, **more}
