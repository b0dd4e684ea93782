"""The app's manifest."""

from django.apps import AppConfig

from ims_kernel import permissions
from ims_kernel.audit import acts


class IdentityConfig(AppConfig):
    name = "ims_kernel.identity"
    label = "identity"
    verbose_name = "People"

    def ready(self) -> None:
        from ims_kernel.identity import second_person  # noqa: PLC0415 - models must be loaded
        from ims_kernel.identity.tasks import (  # noqa: PLC0415
            make_people_dormant,
            somebody_is_overdue,
        )
        from ims_kernel.jobs import schedules  # noqa: PLC0415

        permissions.register(
            {
                "people.view": "See people and what they may do",
                "people.manage": "Invite people, give them roles, and say when they leave",
                "roles.manage": "Change what the roles may do",
            },
            acts={
                "people.manage": (
                    "identity.invite", "identity.invite_again", "identity.grant",
                    "identity.propose_grant", "identity.refuse_grant", "identity.end_grant",
                    "identity.leave", "identity.rejoin", "identity.reactivate",
                    "identity.change_details", "identity.people_settings",
                    "identity.second_person",
                ),
                "people.view": ("person.read", "access.read", "identity.download_access"),
                "roles.manage": (
                    "identity.add_role", "identity.change_role", "identity.retire_role",
                    "identity.restore_role",
                ),
            },
        )  # fmt: skip
        acts.register(
            {
                "person.read": "Looked at a person",
                "access.read": "Looked at who can do what",
                "identity.invite": "Invited a person",
                "identity.invite_again": "Made a new invitation link",
                "identity.accept_invitation": "Accepted an invitation",
                "identity.grant": "Gave a person a role",
                "identity.propose_grant": "Asked for a role for a person",
                "identity.refuse_grant": "Refused a role for a person",
                "identity.end_grant": "Took a role away",
                "identity.leave": "Said a person has left",
                "identity.rejoin": "Took a person back",
                "identity.reactivate": "Let a dormant person in again",
                "identity.dormant": "Made a person dormant",
                "identity.change_details": "Changed a person’s details",
                "identity.people_settings": "Changed the rules for people",
                "identity.second_person": "Changed what needs a second person",
                "identity.add_role": "Added a role",
                "identity.change_role": "Changed a role",
                "identity.retire_role": "Retired a role",
                "identity.restore_role": "Restored a role",
                "identity.download_access": "Downloaded who can do what",
            }
        )
        second_person.register(
            second_person.Act(second_person.GRANT, "Giving somebody a role"),
        )
        schedules.register(
            "dormant people", schedules.Schedule(make_people_dormant, somebody_is_overdue)
        )
