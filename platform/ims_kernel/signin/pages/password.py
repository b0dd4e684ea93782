"""A forgotten password, and changing one's own."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters

from ims_kernel import clock
from ims_kernel.identity import sessions
from ims_kernel.identity.gate import open_to_all
from ims_kernel.signin import limits, passwords, policy, resets
from ims_kernel.signin.errors import PasswordRefused, ResetLinkRefused, TooManyTries
from ims_kernel.signin.pages.own import me, own_page
from ims_kernel.signin.pages.sign_in import can_reset
from ims_kernel.signin.signing_in import person
from ims_kernel.signin.tasks import NEW_PASSWORD_PAGE
from ims_kernel.web.forms import PageForm

_LINK = "signin_link"
_NEW_HINT = (
    "At least 12 characters. Three random words are strong and easy to remember. You can paste it "
    "from a password manager."
)


class ForgotForm(PageForm):
    """Whose password."""

    email = forms.CharField(
        label="Email address",
        max_length=254,
        error_messages={"required": "Enter your email address"},
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "inputmode": "email", "spellcheck": "false"}
        ),
    )


class NewPasswordForm(PageForm):
    """A new password, typed once: it can be shown."""

    new = forms.CharField(
        label="New password",
        max_length=1000,
        strip=False,
        help_text=_NEW_HINT,
        error_messages={"required": "Enter a new password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class ChangeForm(NewPasswordForm):
    """The present password too, so that an unlocked screen is not enough."""

    present = forms.CharField(
        label="Present password",
        max_length=1000,
        strip=False,
        error_messages={"required": "Enter your present password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("present", "new")


@open_to_all
def forgot(request: HttpRequest) -> HttpResponse:
    """Ask for a link. The answer is the same whoever asks."""
    if not can_reset(request, policy.current()):
        raise Http404
    form = ForgotForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        at = clock.now()
        try:
            limits.spend_address(limits.RESET_ADDRESS, request, at=at)
        except TooManyTries as error:
            form.add_ims_error(error)
        else:
            resets.ask(form.cleaned_data["email"], site=request.build_absolute_uri("/"), at=at)
            return render(request, "signin/link_sent.html", {})
    return render(request, "signin/forgot.html", {"form": form}, status=400 if form.errors else 200)


@open_to_all
@sensitive_post_parameters("new")
def new_password(request: HttpRequest) -> HttpResponse:
    """Choose a password by a link. It signs nobody in: the second factor is still asked for."""
    if "link" in request.GET:
        # Out of the address, where the next site or a shared screen would see it.
        request.session[_LINK] = request.GET["link"][:200]
        return HttpResponseRedirect(NEW_PASSWORD_PAGE)
    try:
        user = passwords.of_link(str(request.session.get(_LINK, "")))
    except ResetLinkRefused as error:
        return render(request, "signin/link_refused.html", {"message": error.message}, status=404)
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            passwords.set_password(
                user, form.cleaned_data["new"], actor=person(user), at=clock.now()
            )
        except PasswordRefused as error:
            form.add_ims_error(error, "new")
        else:
            request.session.pop(_LINK, None)
            return HttpResponseRedirect("/sign-in?password=1")
    return render(
        request, "signin/new_password.html", {"form": form, "email": user.email},
        status=400 if form.errors else 200,
    )  # fmt: skip


@own_page(while_owing=True)
@sensitive_post_parameters("present", "new")
def change(request: HttpRequest) -> HttpResponse:
    """Change one's own password; sessions elsewhere end."""
    user, at = me(request), clock.now()
    if not policy.current().allows_passwords:
        raise Http404
    form = ChangeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            passwords.change(
                user,
                present=form.cleaned_data["present"],
                new=form.cleaned_data["new"],
                at=at,
                keep_session=request.session.session_key,
            )
        except PasswordRefused as error:
            form.add_ims_error(error, "present" if "present" in error.message else "new")
        except TooManyTries as error:
            form.add_ims_error(error)
        else:
            before = request.session.session_key
            update_session_auth_hash(request, user)
            sessions.moved(request, before=before)
            messages.success(request, "Your password was changed. You were signed out elsewhere.")
            return HttpResponseRedirect("/security")
    return render(
        request, "signin/change_password.html", {"form": form}, status=400 if form.errors else 200
    )
