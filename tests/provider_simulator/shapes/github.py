"""Entries of GitHub's audit log ("Audit log events for your organization"), times in milliseconds.

`actor_ip` is there once an owner has asked for it.
"""

from typing import Any

from provider_simulator.moments import epoch_milliseconds
from provider_simulator.records import Template


def entry(action: str, operation: str, **more: Any) -> dict[str, Any]:
    return {
        "@timestamp": "<time>",
        "_document_id": "$uuid",
        "action": action,
        "actor": "$login-$tenant",
        "actor_id": "<number>",
        "actor_ip": "$ip",
        "actor_is_bot": False,
        "actor_location": {"country_code": "GB"},
        "created_at": "<time>",
        "external_identity_nameid": "$login@$tenant.example",
        "operation_type": operation,
        "org": "$tenant",
        "org_id": 4201,
        "request_id": "$digits",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        **more,
    }


def git(action: str) -> dict[str, Any]:
    return {
        "@timestamp": "<time>",
        "_document_id": "$uuid",
        "action": action,
        "actor": "$login-$tenant",
        "actor_ip": "$ip",
        "org": "$tenant",
        "repo": "$tenant/engine",
        "repository": "$tenant/engine",
        "repository_public": False,
        "transport_protocol": 1,
        "transport_protocol_name": "http",
        "user": "$login-$tenant",
        "user_agent": "git/2.45.1",
    }


WEB = (
    entry("org.sso_response", "authentication"),
    entry("repo.create", "create", repo="$tenant/engine", visibility="private"),
    entry("repo.access", "modify", repo="$tenant/engine", visibility="public",
          previous_visibility="private"),
    entry("org.add_member", "create", user="$login-$tenant", permission="read"),
    entry("team.add_repository", "modify", repo="$tenant/engine", team="$tenant/builders"),
    entry("personal_access_token.access_granted", "create"),
)  # fmt: skip
ENTRY = Template.of(
    *WEB, git("git.clone"), git("git.fetch"), git("git.push"), time=epoch_milliseconds
)
FIRST_OF_GIT = len(WEB)
