"""What a person has to sign in with, and where they are signed in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from ims_kernel import clock
from ims_kernel.audit.services import record
from ims_kernel.identity import sessions
from ims_kernel.signin import factors, passkeys, policy
from ims_kernel.signin.devices import device_words
from ims_kernel.signin.errors import CodeRefused, FactorNotFound, PasskeyRefused, TooManyTries
from ims_kernel.signin.pages.own import kept_next, me, own_page, target_of
from ims_kernel.signin.pages.proof import ProofForm, is_proof
from ims_kernel.signin.signing_in import about, person

SECURITY = "/security"


@own_page()
def security(request: HttpRequest) -> HttpResponse:
    """Everything about one's own signing in."""
    user = me(request)
    here = request.session.session_key
    listed = [
        {
            "device": device_words(each.user_agent),
            "address": each.ip,
            "since": each.created_at,
            "seen": each.last_seen_at,
            "is_this": each.session_key == here,
        }
        for each in sessions.list_of(user, at=clock.now())
    ]
    context = {"has": factors.of(user), "sessions": listed, "policy": policy.current()}
    return render(request, "signin/security.html", context)


@own_page(fresh=True)
def remove(request: HttpRequest) -> HttpResponse:
    """Remove one second factor, after asking."""
    given = request.POST.get("factor", "") or request.GET.get("factor", "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else 0  # noqa: PLR2004
    user, at = me(request), clock.now()
    has = factors.of(user)
    found = next((f for f in (has.app, *has.passkeys) if f is not None and f.pk == number), None)
    if found is None:
        raise FactorNotFound("You have no such second factor. It may have been removed already.")
    if request.method == "POST":
        factors.remove(user, number, at=at, keep_session=request.session.session_key)
        left = factors.of(user)
        if not left.any and policy.current().needs_second_factor:
            request.session[sessions.FACTOR] = sessions.OWED
        messages.success(request, "It was removed. You were signed out elsewhere.")
        return HttpResponseRedirect(SECURITY)
    is_last = len(has.passkeys) + (has.app is not None) == 1
    return render(
        request, "signin/remove.html",
        {"factor": found, "is_app": found.type == factors.Kind.TOTP, "is_last": is_last},
    )  # fmt: skip


@own_page(fresh=True)
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes; they are shown once, on this answer."""
    user = me(request)
    if not factors.of(user).any:
        return HttpResponseRedirect(sessions.SET_UP_PAGE)
    if request.method != "POST":
        return render(request, "signin/make_codes.html", {})
    codes = factors.new_recovery_codes(user, at=clock.now())
    return render(request, "signin/codes.html", {"codes": codes, "next": SECURITY, "is_new": False})


@own_page()
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """End every other session of the person."""
    if request.method == "POST":
        user, at = me(request), clock.now()
        ended = sessions.end_all(user, keep=request.session.session_key)
        record(person(user), "signin.end_sessions", about(user), at=at, sessions_ended=ended)
        messages.success(request, "You were signed out everywhere else.")
    return HttpResponseRedirect(SECURITY)


@own_page(while_owing=True)
def confirm(request: HttpRequest) -> HttpResponse:
    """Show again who it is, before a page where that matters."""
    user, at, target = me(request), clock.now(), target_of(request)
    has = factors.of(user)
    given = request.POST if request.method == "POST" else None
    by_passkey = given is not None and "passkey" in given
    form = ProofForm(None if by_passkey else given, with_code=has.app is not None)
    problem = ""
    try:
        if by_passkey:
            passkeys.use(request, request.POST["passkey"], at=at, user=user)
        if by_passkey or (form.is_valid() and is_proof(user, form.cleaned_data["proof"], at=at)):
            sessions.proved(request, at=at)
            return HttpResponseRedirect(target)
        if form.is_bound and form.is_valid():
            form.add_error("proof", form.wrong)
    except (PasskeyRefused, TooManyTries) as error:
        problem = error.message
    except CodeRefused as error:
        form.add_ims_error(error, "proof")
    context = {
        "form": form,
        "next": kept_next(target),
        "options": passkeys.begin_using(user) if has.passkeys else "",
        "can_prove": has.app is not None or user.has_usable_password(),
    }
    if problem:
        context["page_errors"] = [{"text": problem}]
    return render(
        request, "signin/confirm.html", context, status=400 if form.errors or problem else 200
    )
