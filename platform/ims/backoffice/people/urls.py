"""Addresses of people and roles."""

from __future__ import annotations

from django.urls import URLPattern, path

from ims.backoffice.people import (
    accepting,
    access,
    deciding,
    inviting,
    person,
    roles,
    rules,
    second_factor,
    views,
)
from ims_kernel.identity.gate import open_to_all

urlpatterns: list[URLPattern] = [
    path("settings/people", views.people_list, name="people"),
    path("settings/people/invite", inviting.invite, name="person_invite"),
    path("settings/people/rules", rules.people_rules, name="people_rules"),
    path("settings/people/access", access.access_page, name="access"),
    path("settings/people/access.csv", access.access_csv, name="access_csv"),
    path("settings/people/<int:person_id>", views.person_detail, name="person"),
    path("settings/people/<int:person_id>/details", person.details, name="person_details"),
    path("settings/people/<int:person_id>/role", person.give_role, name="person_role"),
    path("settings/people/<int:person_id>/leave", person.leave, name="person_leave"),
    path("settings/people/<int:person_id>/link", inviting.new_link, name="person_link"),
    path("settings/people/<int:person_id>/reactivate", person.reactivate, name="reactivate"),
    path(
        "settings/people/<int:person_id>/second-factor",
        second_factor.reset,
        name="person_factor_reset",
    ),
    path("settings/people/role/<int:grant_id>/end", deciding.end_grant, name="grant_end"),
    path("settings/people/request/<int:request_id>", deciding.decide, name="grant_request"),
    path("settings/roles", roles.role_list, name="roles"),
    path("settings/roles/add", roles.add_role, name="role_add"),
    path("settings/roles/<int:role_id>", roles.role_detail, name="role"),
    path("settings/roles/<int:role_id>/use", roles.role_use, name="role_use"),
    path("invitation/<str:token>", open_to_all(accepting.accept), name="invitation"),
]
