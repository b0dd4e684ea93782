"""The app's manifest."""

from django.apps import AppConfig

from ims_kernel import permissions


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
                "people.view": ("identity.download_access",),
                "roles.manage": (
                    "identity.add_role", "identity.change_role", "identity.retire_role",
                    "identity.restore_role",
                ),
            },
        )  # fmt: skip
        second_person.register(
            second_person.Act(second_person.GRANT, "Giving somebody a role"),
        )
        schedules.register(
            "dormant people", schedules.Schedule(make_people_dormant, somebody_is_overdue)
        )
