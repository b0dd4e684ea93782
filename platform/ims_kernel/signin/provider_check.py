"""Trying the settings of single sign-on before anybody relies on them."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.socialaccount.providers.oauth2.client import OAuth2Error

from ims_kernel.signin import oidc
from ims_kernel.signin.adapters import get_json
from ims_kernel.signin.errors import ProviderRefused
from ims_kernel.signin.policy import Provider


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tried, in words, and whether it is as it must be."""

    text: str
    is_good: bool


def check(provider: Provider) -> list[Check]:
    """What was found, in the order it was tried; the last one failed, or none did."""
    if not provider.issuer or not provider.client_id:
        return [
            Check("Enter the address of the provider and the client ID, and save.", is_good=False)
        ]
    found = []
    try:
        document = oidc.document_of(provider.issuer)
        found.append(Check(f"{provider.issuer} answers and says who it is.", is_good=True))
        keys = get_json(document["jwks_uri"]).get("keys")
        found.append(Check(_keys(keys), is_good=bool(keys)))
    except (OAuth2Error, ProviderRefused) as error:
        found.append(Check(str(error), is_good=False))
    except (OSError, ValueError) as error:
        # requests' errors are OSErrors. What was answered is not shown: it may be anybody's.
        found.append(
            Check(
                f"{provider.issuer} did not give the document of an OpenID Connect provider "
                f"({type(error).__name__}). Check the address.",
                is_good=False,
            )
        )
    return found


def _keys(keys: object) -> str:
    if keys:
        return "Its keys are there, so that its word can be checked."
    return "It has no keys, so its word cannot be checked."
