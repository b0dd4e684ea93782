"""The second step: a code or a passkey after the password; and a passkey instead of both."""

from __future__ import annotations

import structlog
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from ims_kernel import clock
from ims_kernel.identity.gate import open_to_all
from ims_kernel.signin import factors, limits, opening, passkeys
from ims_kernel.signin.errors import CodeRefused, PasskeyRefused, TooManyTries
from ims_kernel.signin.pages.own import kept_next, target_of
from ims_kernel.web.forms import PageForm

log = structlog.get_logger(__name__)

START_AGAIN = "/sign-in?problem=again"
CODE_HINT = "6 digits from your authenticator app, or one of your recovery codes"


class CodeForm(PageForm):
    """A code of the app, or a recovery code."""

    code = forms.CharField(
        label="Code",
        max_length=40,
        help_text=CODE_HINT,
        error_messages={"required": "Enter the code"},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        ),
    )


class PasskeyForm(PageForm):
    """What the browser answers about a passkey."""

    passkey = forms.CharField(max_length=20_000, widget=forms.HiddenInput())


@open_to_all
def code(request: HttpRequest) -> HttpResponse:
    """After the right password of somebody with a second factor."""
    at = clock.now()
    waiting = opening.pending(request, at=at)
    if waiting is None:
        return HttpResponseRedirect(START_AGAIN)
    given = request.POST if request.method == "POST" else None
    by_passkey = given is not None and "passkey" in given
    form = CodeForm(None if by_passkey else given)
    problem = ""
    try:
        if by_passkey:
            passkeys.use(request, request.POST["passkey"], at=at, user=waiting.user)
            return _signed_in(request, waiting, "password and passkey")
        if form.is_valid():
            kind = factors.check_code(waiting.user, form.cleaned_data["code"], at=at)
            return _signed_in(request, waiting, f"password and {kind}")
    except PasskeyRefused as error:
        problem = error.message
    except CodeRefused as error:
        form.add_ims_error(error, "code")
    except TooManyTries as error:
        opening.forget_pending(request)
        log.info("sign_in_refused", code=error.code)
        return HttpResponseRedirect(START_AGAIN)
    has = factors.of(waiting.user)
    context = {
        "form": form,
        "has": has,
        "options": passkeys.begin_using(waiting.user) if has.passkeys else "",
    }
    if problem:
        context["page_errors"] = [{"text": problem}]
    return render(
        request, "signin/code.html", context, status=400 if form.errors or problem else 200
    )


def _signed_in(request: HttpRequest, waiting: opening.Pending, how: str) -> HttpResponse:
    opening.open_session(request, waiting.user, at=clock.now(), how=how)
    log.info("signed_in", user_id=waiting.user.pk)
    return HttpResponseRedirect(waiting.target)


@open_to_all
def passkey(request: HttpRequest) -> HttpResponse:
    """Signing in with a passkey alone: it is something one has, opened by something one is."""
    target, at = target_of(request), clock.now()
    if request.user.is_authenticated:
        return HttpResponseRedirect(target)
    problem = ""
    if request.method == "POST":
        try:
            limits.spend_address(limits.ADDRESS, request, at=at)
            user = passkeys.use(request, request.POST.get("passkey", ""), at=at)
        except (PasskeyRefused, TooManyTries) as error:
            problem = error.message
        else:
            opening.open_session(request, user, at=at, how="passkey")
            log.info("signed_in", user_id=user.pk)
            return HttpResponseRedirect(target)
    context = {
        "options": passkeys.begin_using(),
        "next": kept_next(target),
        "page_errors": [{"text": problem}] if problem else [],
    }
    return render(request, "signin/passkey.html", context, status=400 if problem else 200)
