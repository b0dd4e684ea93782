"""The page a link in an invitation leads to. Nobody is signed in yet."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ims.backoffice.people.forms import PasswordForm
from ims_kernel import clock
from ims_kernel.identity import invitations, people
from ims_kernel.identity.errors import InvitationRefused, PasswordRefused


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password")
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a password; afterwards the link is used up."""
    at = clock.now()
    form = PasswordForm(request.POST if request.method == "POST" else None)
    try:
        invitation = invitations.read(token, at=at)
        if form.is_valid():
            people.accept(token, form.cleaned_data["password"], at=at)
            messages.success(request, "Your password is set. Sign in with it.")
            return redirect("sign_in")
    except PasswordRefused as error:
        form.add_ims_error(error, "password")
    except InvitationRefused as error:
        over = {"message": error.message}
        return render(request, "backoffice/people/link_over.html", over, status=404)
    context = {"form": form, "person_email": invitation.user.email, "name": invitation.user.name}
    status = 400 if form.errors else 200
    return render(request, "backoffice/people/accept.html", context, status=status)
