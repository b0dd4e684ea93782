"""Setting up a second factor: an authenticator app or a passkey."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from ims_kernel import clock
from ims_kernel.identity import sessions
from ims_kernel.signin import factors, passkeys, policy
from ims_kernel.signin.adapters import authenticator_address
from ims_kernel.signin.errors import CodeRefused, PasskeyRefused, TooManyTries
from ims_kernel.signin.pages.own import kept_next, me, own_page, target_of
from ims_kernel.signin.qr import qr_svg
from ims_kernel.signin.seals import open_text, seal_text
from ims_kernel.web.forms import PageForm

_SECRET = "signin_app_secret"  # noqa: S105 - a name in the session


class AppForm(PageForm):
    """The first code of a new app."""

    code = forms.CharField(
        label="Code",
        max_length=20,
        help_text="6 digits that the app shows now",
        error_messages={"required": "Enter the code that the app shows"},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        ),
    )


class PasskeyNameForm(PageForm):
    """A name for a passkey, and what the browser made."""

    name = forms.CharField(
        label="Name of the passkey",
        max_length=60,
        help_text="So that you can tell it from others later, such as “Office laptop”",
        error_messages={"required": "Enter a name for the passkey"},
    )
    passkey = forms.CharField(max_length=20_000, required=False, widget=forms.HiddenInput())


@own_page(while_owing=True)
def set_up(request: HttpRequest) -> HttpResponse:
    """Choose which kind. Where everybody comes who must have one and has none."""
    owes = sessions.owes_second_factor(request)
    context = {"owes": owes, "next": kept_next(target_of(request)), "policy": policy.current()}
    return render(request, "signin/set_up.html", context)


@own_page(fresh=True, while_owing=True)
def app(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator app: scan, then prove it with a code."""
    user, at = me(request), clock.now()
    secret = _secret(request)
    form = AppForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            codes = factors.set_up_app(user, secret=secret, code=form.cleaned_data["code"], at=at)
        except CodeRefused as error:
            form.add_ims_error(error, "code")
        except TooManyTries as error:
            form.add_ims_error(error)
        else:
            request.session.pop(_SECRET, None)
            return _done(request, codes)
    context = {
        "form": form,
        "qr": qr_svg(authenticator_address(request, user, secret)),
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "next": kept_next(target_of(request)),
        "replaces": factors.of(user).app is not None,
    }
    return render(request, "signin/app.html", context, status=400 if form.errors else 200)


def _secret(request: HttpRequest) -> str:
    """The same for the whole visit, so that a mistyped code does not ask for another scan."""
    kept = request.session.get(_SECRET)
    if kept:
        return open_text(str(kept))
    made = factors.new_secret()
    request.session[_SECRET] = seal_text(made)
    return made


@own_page(fresh=True, while_owing=True)
def passkey(request: HttpRequest) -> HttpResponse:
    """Add a passkey. Needs JavaScript: only a script may ask the device for one."""
    user, at = me(request), clock.now()
    form = PasskeyNameForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            codes = passkeys.add(request, name=given["name"], answer=given["passkey"], at=at)
        except PasskeyRefused as error:
            form.add_ims_error(error)
        else:
            return _done(request, codes)
    context = {
        "form": form,
        "options": passkeys.begin_adding(user),
        "next": kept_next(target_of(request)),
    }
    return render(request, "signin/add_passkey.html", context, status=400 if form.errors else 200)


def _done(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """The session has a second factor now. New codes are shown once, on this very answer."""
    target, was_owed = target_of(request), sessions.owes_second_factor(request)
    # Whoever signed in with the password alone elsewhere must now show the second factor.
    sessions.end_all(me(request), keep=request.session.session_key)
    request.session[sessions.FACTOR] = sessions.PASSED
    # Whoever had to do this was on the way to work; whoever chose to came from this page.
    if target == sessions.HOME and not was_owed:
        target = "/security"
    if codes:
        return render(
            request, "signin/codes.html", {"codes": codes, "next": target, "is_new": True}
        )
    return HttpResponseRedirect(target)
