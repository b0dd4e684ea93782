"""Signing in and out: the same pages for a council's staff and for operators on the public host."""

from __future__ import annotations

import structlog
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.debug import sensitive_post_parameters

from ims_kernel import clock
from ims_kernel.identity import services, sessions
from ims_kernel.identity.errors import SignInLocked, SignInRefused
from ims_kernel.identity.gate import open_to_all
from ims_kernel.web.forms import PageForm

log = structlog.get_logger(__name__)

_LOCK_MINUTES = int(services.LOCKED_FOR.total_seconds() // 60)
# One sentence for an unknown address, a wrong password and a locked account: two would tell a
# stranger which addresses sign in here.
REFUSED = (
    "The email address or password is not right. Check both and try again. After "
    f"{services.MAX_FAILURES} wrong passwords in a row an account is locked for {_LOCK_MINUTES} "
    "minutes."
)


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


@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page. Whoever is signed in already goes where they wanted to go."""
    target = sessions.safe_next(
        request.POST.get(sessions.NEXT, "") or request.GET.get(sessions.NEXT, "")
    )
    if request.user.is_authenticated:
        return HttpResponseRedirect(target)
    form = SignInForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _signed_in(request, form):
        return HttpResponseRedirect(target)
    context = {
        "form": form,
        "next": "" if target == sessions.HOME else target,
        "notice": "" if form.is_bound else _notice(request),
    }
    return render(request, "identity/sign_in.html", context, status=400 if form.errors else 200)


def _signed_in(request: HttpRequest, form: SignInForm) -> bool:
    given, at = form.cleaned_data, clock.now()
    try:
        user = services.sign_in(email=given["email"], password=given["password"], at=at)
    except (SignInRefused, SignInLocked) as error:
        log.info("sign_in_refused", code=error.code)
        form.add_error("password", REFUSED)
        return False
    sessions.begin(request, user, at=at)
    log.info("signed_in", user_id=user.pk)
    return True


def _notice(request: HttpRequest) -> str:
    if sessions.SIGNED_OUT in request.GET:
        return "You have signed out."
    if sessions.ENDED in request.GET:
        return (
            "You were signed out, because nothing was opened for an hour or you signed out "
            "elsewhere. Sign in to go back to where you were. Anything you had typed and not "
            "saved must be typed again."
        )
    return ""


def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session, by POST only: a link on another site must not sign anybody out."""
    if request.method != "POST":
        return HttpResponseRedirect(sessions.HOME)
    sessions.end(request)
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?{sessions.SIGNED_OUT}=1")


urlpatterns: list[URLPattern] = [
    path("sign-in", open_to_all(sign_in), name="sign_in"),
    path("sign-out", open_to_all(sign_out), name="sign_out"),
]
