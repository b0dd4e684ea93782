"""Addresses of signing in, on every host. Of allauth's own pages none is routed."""

from __future__ import annotations

from django.urls import URLPattern, path

from ims_kernel.signin import oidc
from ims_kernel.signin.pages import password, provider, second_step, security, set_up, sign_in
from ims_kernel.signin.pages import single_sign_on as sso

urlpatterns: list[URLPattern] = [
    path("sign-in", sign_in.sign_in, name="sign_in"),
    path("sign-out", sign_in.sign_out, name="sign_out"),
    path("sign-in/code", second_step.code, name="sign_in_code"),
    path("sign-in/passkey", second_step.passkey, name="sign_in_passkey"),
    path("sign-in/forgot", password.forgot, name="forgot_password"),
    path("sign-in/new-password", password.new_password, name="new_password"),
    path("security", security.security, name="security"),
    path("security/set-up", set_up.set_up, name="set_up_factor"),
    path("security/app", set_up.app, name="set_up_app"),
    path("security/passkey", set_up.passkey, name="add_passkey"),
    path("security/recovery-codes", security.recovery_codes, name="recovery_codes"),
    path("security/remove", security.remove, name="remove_factor"),
    path("security/password", password.change, name="change_password"),
    path("security/confirm", security.confirm, name="confirm_person"),
    path("security/sign-out-elsewhere", security.sign_out_elsewhere, name="sign_out_elsewhere"),
]

# Single sign-on is a council's own.
council_urlpatterns: list[URLPattern] = [
    *urlpatterns,
    path("sign-in/single-sign-on", sso.leave, name="single_sign_on"),
    path(oidc.BACK.removeprefix("/"), sso.back, name="single_sign_on_back"),
    path("settings/sign-in/check", provider.check_provider, name="check_provider"),
]
