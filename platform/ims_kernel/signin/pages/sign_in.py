"""Signing in with a password, and signing out."""

from __future__ import annotations

from typing import Any

import structlog
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters

from ims_kernel import clock
from ims_kernel.audit.services import record
from ims_kernel.identity import accounts, sessions
from ims_kernel.identity.errors import SignInLocked, SignInRefused
from ims_kernel.identity.gate import open_to_all
from ims_kernel.signin import limits, opening, policy, signing_in
from ims_kernel.signin.errors import TooManyTries
from ims_kernel.signin.pages.own import kept_next, target_of
from ims_kernel.web.forms import PageForm

log = structlog.get_logger(__name__)

CODE_PAGE = "/sign-in/code"
PROBLEM = "problem"
_LOCK_MINUTES = int(signing_in.LOCKED_FOR.total_seconds() // 60)
# One sentence for an unknown address, a wrong password and a locked account: two would tell a
# stranger which addresses sign in here.
REFUSED = (
    "The email address or password is not right. Check both and try again. After "
    f"{signing_in.MAX_FAILURES} wrong passwords in a row an account is locked for {_LOCK_MINUTES} "
    "minutes."
)
# What another page of signing in has to say here. The address names it, so that nobody can put
# words of their own on our page.
PROBLEMS = {
    "again": "Signing in took too long or failed too often. Start again.",
    "provider": "Your council’s single sign-on did not let you in. Try again. If that does not "
    "help, tell the person who manages accounts.",
    "person": "Single sign-on worked, but nobody here uses that account. Ask the person who "
    "manages accounts to add you with the same email address.",
}
NOTICES = {
    "signed-out": "You have signed out.",
    "password": "Your password was changed. Sign in with the new one.",
}


class SignInForm(PageForm):
    """Who, and the password."""

    email = forms.CharField(
        label="Email address",
        max_length=254,
        error_messages={"required": "Enter your email address"},
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "inputmode": "email", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label="Password",
        max_length=1000,
        strip=False,
        error_messages={"required": "Enter your password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@open_to_all
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page. Whoever is signed in already goes where they wanted to go."""
    target = target_of(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(target)
    form = SignInForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (answer := _answer(request, form, target)):
        return answer
    return render(
        request, "signin/sign_in.html", _context(request, form, target),
        status=400 if form.errors else 200,
    )  # fmt: skip


def _context(request: HttpRequest, form: SignInForm, target: str) -> dict[str, Any]:
    rules = policy.current()
    problem = "" if form.is_bound else PROBLEMS.get(request.GET.get(PROBLEM, ""), "")
    context = {
        "form": form,
        "next": kept_next(target),
        "notice": "" if form.is_bound or problem else _notice(request),
        "policy": rules,
        "can_reset": can_reset(request, rules),
    }
    return context | ({"page_errors": [{"text": problem}]} if problem else {})


def can_reset(request: HttpRequest, rules: policy.Policy) -> bool:
    """Whether a forgotten password can be replaced by letter: in a council, with e-mail set up."""
    in_council = getattr(request, "council", None) is not None
    return rules.allows_passwords and settings.IMS_SENDS_EMAIL and in_council


def _answer(request: HttpRequest, form: SignInForm, target: str) -> HttpResponse | None:
    given, at = form.cleaned_data, clock.now()
    try:
        limits.spend_address(limits.ADDRESS, request, at=at)
        user = signing_in.check(email=given["email"], password=given["password"], at=at)
    except TooManyTries as error:
        log.info("sign_in_refused", code=error.code)
        form.add_ims_error(error)
        return None
    except (SignInRefused, SignInLocked) as error:
        log.info("sign_in_refused", code=error.code)
        form.add_error("password", REFUSED)
        return None
    if not opening.after_password(request, user, target=target, at=at):
        return HttpResponseRedirect(CODE_PAGE)
    log.info("signed_in", user_id=user.pk)
    return HttpResponseRedirect(target)


def _notice(request: HttpRequest) -> str:
    for name, words in NOTICES.items():
        if name in request.GET:
            return words
    if sessions.ENDED in request.GET:
        return (
            "You were signed out, because nothing was opened for some time or you signed out "
            "elsewhere. Sign in to go back to where you were. Anything you had typed and not "
            "saved must be typed again."
        )
    return ""


@open_to_all
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session, by POST only: a link on another site must not sign anybody out."""
    if request.method != "POST":
        return HttpResponseRedirect(sessions.HOME)
    with transaction.atomic():
        if user := accounts.signed_in(request):
            record(
                signing_in.person(user), "signin.sign_out", signing_in.about(user), at=clock.now()
            )
        sessions.end(request)
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?{sessions.SIGNED_OUT}=1")
