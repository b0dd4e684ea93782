"""Where a person goes to sign in, where they come back to, and how long they stay signed in."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from ims_kernel.identity.models import User

HOME = "/"
NEXT, ENDED, SIGNED_OUT = "next", "ended", "signed-out"
_RENEWED = "renewed_at"
# A session lives SESSION_COOKIE_AGE after the last page; written at most this often, in seconds.
_RENEW_EVERY = 300


def begin(request: HttpRequest, user: User, *, at: datetime) -> None:
    """Sign the person in on this host, under a new session key."""
    login(request, user)
    request.session[_RENEWED] = int(at.timestamp())


def end(request: HttpRequest) -> None:
    """Sign whoever it is out, and forget everything the session held."""
    logout(request)


def renew(request: HttpRequest, *, at: datetime) -> None:
    """Keep the session of somebody who is working alive."""
    last = request.session.get(_RENEWED)
    if last is not None and at.timestamp() - last > _RENEW_EVERY:
        request.session[_RENEWED] = int(at.timestamp())


def has_ended(request: HttpRequest) -> bool:
    """Whether the browser still shows a session that is over: it timed out, or was ended elsewhere.

    The cookie goes when the browser is closed (SESSION_EXPIRE_AT_BROWSER_CLOSE), so a new visit
    does not look like this.
    """
    return settings.SESSION_COOKIE_NAME in request.COOKIES and not request.user.is_authenticated


def safe_next(target: str) -> str:
    """The address to go to after signing in: a path on this host, or the start page."""
    if not target.startswith("/") or not url_has_allowed_host_and_scheme(
        target, allowed_hosts=None
    ):
        return HOME
    if urlsplit(target).path in (str(settings.LOGIN_URL), "/sign-out"):
        return HOME
    return target


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send the person to the sign-in page, and back afterwards to the page they were on."""
    values = {}
    if (place := _where_they_were(request)) != HOME:
        values[NEXT] = place
    if has_ended(request):
        # Said in the address: Django deletes the cookie of an empty session with this answer.
        values[ENDED] = "1"
    target = f"{settings.LOGIN_URL}?{urlencode(values, safe='/')}" if values else settings.LOGIN_URL
    if "HX-Request" not in request.headers:
        return HttpResponseRedirect(str(target))
    # htmx would put the sign-in page inside the part it asked for; this moves the whole page.
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = str(target)
    return answer


def _where_they_were(request: HttpRequest) -> str:
    if "HX-Request" in request.headers:
        return _path_of(request.headers.get("HX-Current-URL", ""))
    if request.method in ("GET", "HEAD"):
        return safe_next(request.get_full_path())
    # A form was sent after the session ended. Its own address often answers to POST only.
    return _path_of(request.headers.get("Referer", ""))


def _path_of(address: str) -> str:
    parts: Any = urlsplit(address)
    return safe_next(f"{parts.path}?{parts.query}" if parts.query else parts.path)
