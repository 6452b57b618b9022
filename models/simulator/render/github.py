"""GitHub: entries of an organisation's audit log, with `actor_ip` disclosed."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import ClassVar

from models.simulator import agents
from models.simulator.company import Company
from models.simulator.render import Action, Use, ndjson
from models.simulator.template import template

REPOSITORIES = ("engine", "website", "infrastructure", "mobile", "handbook")
RECORD = {
    "@timestamp": "<milliseconds>",
    "_document_id": "$document",
    "action": "$action",
    "actor": "$login",
    "actor_id": "<actor_id>",
    "actor_ip": "$ip",
    "actor_is_bot": False,
    "created_at": "<milliseconds>",
    "external_identity_nameid": "$email",
    "operation_type": "access",
    "org": "$org",
    "org_id": 70_000_001,
    "repo": "$org/$repository",
    "repo_id": "<repository_id>",
    "repository": "$org/$repository",
    "repository_public": False,
    "public_repo": False,
    "transport_protocol_name": "http",
    "user_agent": "$agent",
    "visibility": "private",
}


class Log:
    """The audit log of the company's organisation; people come through single sign-on."""

    actions: ClassVar[tuple[Action, ...]] = (
        Action("org.sso_response"),
        Action("git.fetch", people=4.0, program=4.0),
        Action("git.clone", people=0.6, program=2.0),
        Action("git.push", people=1.5, program=0.5),
        Action("pull_request.create", people=0.5),
        Action("pull_request.merge", people=0.4),
        Action("repo.access", people=0.02),
        Action("workflows.created_workflow_run", people=0.5, program=1.0),
    )
    shares: ClassVar[Mapping[str, float]] = {"": 0.0, "engineer": 0.15, "service": 0.2}
    guessable: ClassVar[bool] = False

    def __init__(self, company: Company) -> None:
        self._template = template(RECORD)
        self._organisation = company.name

    def line(self, use: Use) -> str:
        when = datetime.fromisoformat(use.time).replace(tzinfo=UTC)
        repository = use.pick(REPOSITORIES)
        return self._template % {
            "milliseconds": round(when.timestamp() * 1000),
            "document": use.digits[:22],
            "action": use.action.name,
            "login": use.person.email.split("@")[0].replace(".", "-"),
            "actor_id": use.person.stable("github", "123456789", 8),
            "ip": use.address.text,
            "email": use.person.email,
            "org": self._organisation,
            "repository": repository,
            "repository_id": 900_000 + REPOSITORIES.index(repository),
            "agent": "git/2.45.2"
            if use.action.name.startswith("git.")
            else agents.agent(use.person, use.device, use.session)[0],
        }

    def uids(self, use: Use) -> list[str]:
        return [use.digits[:22]]

    def files(self, day: date, lines: list[str]) -> Iterator[tuple[str, bytes]]:
        return ndjson(day, lines)
