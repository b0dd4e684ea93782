"""Where a person goes to sign in, where they come back to, and how long they stay signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from ims_kernel.identity.models import User
from ims_kernel.identity.session_store import IDLE_SECONDS

HOME = "/"
NEXT, ENDED, SIGNED_OUT = "next", "ended", "signed-out"
_RENEWED = "renewed_at"
# A session lives SESSION_COOKIE_AGE after the last page; written at most this often, in seconds.
_RENEW_EVERY = 300
# Seconds a session lasts at most, however busy: a long working day (ASVS 7.3.2).
_LONGEST = 12 * 60 * 60
_BEGAN = "began_at"
# When the person last showed who they are, and for how many seconds that opens sensitive pages.
PROVED_AT = "proved_at"
_PROOF_LASTS = 600
# What the session knows of the second factor.
FACTOR = "second_factor"
PASSED, NOT_ASKED, OWED = "passed", "not asked", "owed"
SET_UP_PAGE = "/security/set-up"
_BACKEND = "ims_kernel.identity.backends.EmailBackend"
_AGENT_LENGTH = 200
# Where the caller's address cannot be known, as over a local socket.
UNKNOWN_ADDRESS = "::"


@dataclass(frozen=True, slots=True)
class Opened:
    """How a session was opened. `factor` is PASSED, NOT_ASKED or OWED."""

    factor: str
    idle_minutes: int
    address: str


def begin(request: HttpRequest, user: User, *, at: datetime, opened: Opened) -> None:
    """Sign the person in on this host, under a new session key."""
    login(request, user, backend=_BACKEND)
    session, moment = request.session, int(at.timestamp())
    session[IDLE_SECONDS] = opened.idle_minutes * 60
    session[_RENEWED] = session[_BEGAN] = moment
    session[PROVED_AT], session[FACTOR] = moment, opened.factor
    session.save()
    _forget_ended(user)
    UserSession.objects.create(
        user=user,
        session_key=session.session_key,
        ip=opened.address,
        user_agent=request.headers.get("User-Agent", "")[:_AGENT_LENGTH],
        created_at=at,
        last_seen_at=at,
    )


def _forget_ended(user: User) -> None:
    theirs = UserSession.objects.filter(user=user)
    there = Session.objects.filter(
        session_key__in=list(theirs.values_list("session_key", flat=True))
    )
    theirs.exclude(session_key__in=list(there.values_list("session_key", flat=True))).delete()


def end(request: HttpRequest) -> None:
    """Sign whoever it is out, and forget everything the session held."""
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    logout(request)


def end_all(user: User, *, keep: str | None = "") -> int:
    """Sign the person out everywhere, but for the session with the key `keep`. How many ended."""
    theirs = UserSession.objects.filter(user=user).exclude(session_key=keep or "")
    keys = list(theirs.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    theirs.delete()
    return len(keys)


def moved(request: HttpRequest, *, before: str | None) -> None:
    """The session goes on under a new key."""
    request.session.save()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)


def list_of(user: User, *, at: datetime) -> list[UserSession]:
    """Where the person is signed in, the latest first. Two queries."""
    kept = UserSession.objects.filter(user=user).order_by("-last_seen_at", "-pk")
    alive = set(
        Session.objects.filter(
            session_key__in=kept.values("session_key"), expire_date__gt=at
        ).values_list("session_key", flat=True)
    )
    return [each for each in kept if each.session_key in alive]


def renew(request: HttpRequest, *, at: datetime) -> bool:
    """Keep the session of somebody who is working alive. False when it has lasted too long."""
    session, moment = request.session, at.timestamp()
    if moment - session.get(_BEGAN, moment) > _LONGEST:
        end(request)
        return False
    last = session.get(_RENEWED)
    # A short time-out is kept as exactly as a long one.
    often = min(_RENEW_EVERY, session.get(IDLE_SECONDS, 2 * _RENEW_EVERY) // 2)
    if last is not None and moment - last > often:
        session[_RENEWED] = int(moment)
        UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=at)
    return True


def owes_second_factor(request: HttpRequest) -> bool:
    """Whether the person must set a second factor up before any other page.

    A session that does not say is taken for one that owes it.
    """
    return request.session.get(FACTOR) not in (PASSED, NOT_ASKED)


def has_proved_lately(request: HttpRequest, *, at: datetime) -> bool:
    """Whether the person showed who they are within the last ten minutes."""
    return bool(at.timestamp() - request.session.get(PROVED_AT, 0) <= _PROOF_LASTS)


def proved(request: HttpRequest, *, at: datetime) -> None:
    """The person has just shown again who they are."""
    request.session[PROVED_AT] = int(at.timestamp())


def has_ended(request: HttpRequest) -> bool:
    """Whether the browser still shows a session that is over: it timed out, or was ended elsewhere.

    The cookie goes when the browser is closed (SESSION_EXPIRE_AT_BROWSER_CLOSE), so a new visit
    does not look like this; nor does somebody halfway through signing in.
    """
    has_cookie = settings.SESSION_COOKIE_NAME in request.COOKIES
    return has_cookie and not request.user.is_authenticated and request.session.is_empty()


def safe_next(target: str) -> str:
    """The address to go to after signing in: a path on this host, or the start page."""
    if not target.startswith("/") or not url_has_allowed_host_and_scheme(
        target, allowed_hosts=None
    ):
        return HOME
    place = urlsplit(target).path
    if place == "/sign-out" or f"{place}/".startswith(f"{settings.LOGIN_URL}/"):
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
    return _whole_page(request, str(target))


def ask_to_set_up(request: HttpRequest) -> HttpResponse:
    """Send the person to set a second factor up, and back afterwards."""
    place = _where_they_were(request)
    query = f"?{urlencode({NEXT: place}, safe='/')}" if place != HOME else ""
    return _whole_page(request, f"{SET_UP_PAGE}{query}")


def _whole_page(request: HttpRequest, target: str) -> HttpResponse:
    if "HX-Request" not in request.headers:
        return HttpResponseRedirect(target)
    # htmx would put the page inside the part it asked for; this moves the whole window.
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = target
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
