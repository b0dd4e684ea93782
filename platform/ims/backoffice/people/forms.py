"""Forms of people and roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms

from ims_kernel.identity import scopes
from ims_kernel.identity.grants import GrantDraft
from ims_kernel.identity.states import LABELS
from ims_kernel.web.forms import DayField, MoneyField, PageForm

if TYPE_CHECKING:
    from ims_kernel.identity.models import Role

Choice = tuple[str, str]
EVERYWHERE, SOME = "all", "some"


class PeopleFilter(PageForm):
    """Whom to look for."""

    text = forms.CharField(required=False, label="Name or email address", max_length=100)
    state = forms.ChoiceField(
        required=False,
        label="State",
        choices=[("", "Any state"), *((state.value, words) for state, words in LABELS.items())],
    )


class GrantFields(PageForm):
    """A role with where, how much and how long. Dimensions without choices are not asked."""

    role = forms.ChoiceField(label="Role", error_messages={"required": "Select a role"})
    limit = MoneyField(
        required=False,
        label="Limit for one act (optional)",
        help_text="The most this role may move in one go. Leave empty for no limit.",
    )
    starts_on = DayField(label="First day", error_messages={"required": "Enter the first day"})
    ends_on = DayField(
        required=False,
        label="Last day (optional)",
        help_text="For cover or a contract that ends. Leave empty for no last day.",
    )

    def __init__(
        self,
        *args: Any,
        roles: Sequence[Role],
        choices: Mapping[str, Mapping[str, str]],
        role_required: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        empty = "Select a role" if role_required else "No role yet"
        field: Any = self.fields["role"]
        field.required = role_required
        field.choices = [
            ("", empty),
            *((str(role.pk), role.name) for role in roles if role.is_active),
        ]
        self.dimensions = [each for each in scopes.dimensions() if choices.get(each.name)]
        for each in self.dimensions:
            self.fields[f"{each.name}-all"] = forms.ChoiceField(
                label=each.label,
                choices=[(EVERYWHERE, each.everywhere), (SOME, "Only those ticked below")],
                widget=forms.RadioSelect,
                initial=EVERYWHERE,
            )
            self.fields[f"scope-{each.name}"] = forms.MultipleChoiceField(
                required=False,
                label=f"{each.label} this role is limited to",
                choices=list(choices[each.name].items()),
                widget=forms.CheckboxSelectMultiple,
            )

    def clean(self) -> None:
        for each in self.dimensions:
            chosen = self.cleaned_data.get(f"scope-{each.name}")
            only_some = self.cleaned_data.get(f"{each.name}-all") == SOME
            if only_some and chosen == []:
                self.add_error(f"scope-{each.name}", f"Tick at least one, or choose {_lower(each)}")
            if not only_some and chosen:
                # Ticked and "everywhere" contradict each other; the wider one is not assumed.
                self.add_error(f"{each.name}-all", "Choose whether only those ticked below hold")

    def draft(self) -> GrantDraft | None:
        """The role to give, or None when none was chosen. Only for a valid form."""
        given = self.cleaned_data
        if not given["role"]:
            return None
        scope = {
            each.name: list(given[f"scope-{each.name}"])
            for each in self.dimensions
            if given[f"{each.name}-all"] == SOME
        }
        starts_on: date = given["starts_on"]
        return GrantDraft(
            role_id=int(given["role"]),
            starts_on=starts_on,
            ends_on=given["ends_on"],
            scope=scope,
            limit_pence=given["limit"],
        )

    def scope_names(self) -> list[str]:
        """The fields of the dimensions, in order."""
        return [
            name for each in self.dimensions for name in (f"{each.name}-all", f"scope-{each.name}")
        ]


def _lower(dimension: scopes.Dimension) -> str:
    return dimension.everywhere[:1].lower() + dimension.everywhere[1:]


def _offer(form: PageForm, offices: Sequence[Choice]) -> None:
    """The council's offices, or no question about them where there are none."""
    if not offices:
        del form.fields["office"]
        return
    field: Any = form.fields["office"]
    field.choices = [("", "No office"), *((code, f"{code} {name}") for code, name in offices)]


class GiveForm(GrantFields):
    """A role for somebody who is there already."""

    reason = forms.CharField(
        required=False,
        label="Why (optional)",
        help_text="For example, who asked for it. It stays in the history.",
        max_length=500,
    )


class InviteForm(GrantFields):
    """Somebody new."""

    name = forms.CharField(
        label="Name", max_length=100, error_messages={"required": "Enter their name"}
    )
    email = forms.CharField(
        label="Email address",
        max_length=254,
        help_text="They sign in with it.",
        error_messages={"required": "Enter their email address"},
        widget=forms.TextInput(attrs={"inputmode": "email", "spellcheck": "false"}),
    )
    office = forms.ChoiceField(required=False, label="Office (optional)")

    def __init__(self, *args: Any, offices: Sequence[Choice], **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, offices)


class DetailsForm(PageForm):
    """What can be changed about a person."""

    name = forms.CharField(
        label="Name", max_length=100, error_messages={"required": "Enter their name"}
    )
    office = forms.ChoiceField(required=False, label="Office (optional)")

    def __init__(self, *args: Any, offices: Sequence[Choice], **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self, offices)


class ReasonForm(PageForm):
    """Why somebody leaves, or loses a role."""

    reason = forms.CharField(
        label="Why?",
        help_text="It stays in the history. Do not write anything private.",
        max_length=500,
        error_messages={"required": "Enter why"},
    )


class RoleForm(PageForm):
    """A role; its permissions are ticked beside it, in groups."""

    name = forms.CharField(
        label="Name", max_length=60, error_messages={"required": "Enter a name for the role"}
    )
    description = forms.CharField(
        required=False,
        label="What it is for (optional)",
        help_text="One sentence that helps a manager choose",
        max_length=200,
    )


class SettingsForm(PageForm):
    """The council's limits in days."""

    dormant = forms.IntegerField(
        label="Days without signing in until an account is made dormant",
        help_text="A dormant person keeps their roles, and a manager can let them back in.",
        min_value=1,
        max_value=1000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "Enter a number of days",
            "invalid": "Enter a whole number of days",
        },
    )
    invitation = forms.IntegerField(
        label="Days an invitation can be used",
        min_value=1,
        max_value=1000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "Enter a number of days",
            "invalid": "Enter a whole number of days",
        },
    )


class PasswordForm(PageForm):
    """The password of somebody invited."""

    password = forms.CharField(
        label="Choose a password",
        help_text="At least 12 characters. Three random words are easy to remember and hard to "
        "guess.",
        max_length=1000,
        strip=False,
        error_messages={"required": "Enter a password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
