"""Signs in as an application of the simulated Microsoft."""

from typing import Any

import plain_http
from plain_http import Response
from provider_simulator.client import Simulator


def exchange(simulator: Simulator, provider: str, tenant: str = "acme", **changed: Any) -> Response:
    """Ask for a token; `changed` replaces fields of the form."""
    found = simulator.credentials(provider, tenant)
    form = {
        "grant_type": "client_credentials",
        "client_id": found["client_id"],
        "client_secret": found["client_secret"],
        "scope": found["scope"],
    } | changed
    return plain_http.post_form(found["token_url"], form)
