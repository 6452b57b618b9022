"""Records of LoginHistory (JSON) and rows of event log files (CSV) of Salesforce.

"LoginHistory", "EventLogFile Supported Event Types" of the Object Reference. A row's request is its
own here, which real rows may share.
"""

import csv
import json
from typing import Any

from provider_simulator.moments import compact, iso_milliseconds, salesforce
from provider_simulator.records import Kind, Series, Template

USER = "0054$account${person}"
COLUMNS = {
    "EVENT_TYPE": "",
    "TIMESTAMP": "$also_time",
    "REQUEST_ID": "R-$digits-$number",
    "ORGANIZATION_ID": "00D$account",
    "USER_ID": USER,
    "RUN_TIME": "38",
    "CPU_TIME": "15",
    "URI": "/home.jsp",
    "SESSION_KEY": "$digits",
    "LOGIN_KEY": "$digits",
    "USER_TYPE": "S",
    "REQUEST_STATUS": "S",
    "CLIENT_IP": "$ip",
    "SOURCE_IP": "$ip",
    "USER_NAME": "",
    "LOGIN_STATUS": "",
    "METHOD_NAME": "",
    "ENTITY_NAME": "",
    "ROWS_PROCESSED": "",
    "BROWSER_TYPE": "Mozilla/5.0 (X11; Linux x86_64)",
    "TIMESTAMP_DERIVED": "$time",
    "USER_ID_DERIVED": f"{USER}AAA",
}
ROW_LENGTH = 420
HEADER = (",".join(f'"{name}"' for name in COLUMNS) + "\n").encode()


def login(status: str, kind: str) -> dict[str, Any]:
    return {
        "Id": "0Y$digits",
        "UserId": USER,
        "LoginTime": "$time",
        "LoginType": kind,
        "LoginSubType": None,
        "SourceIp": "$ip",
        "LoginUrl": "$tenant.my.salesforce.example",
        "Browser": "Firefox 128",
        "Platform": "Linux",
        "Status": status,
        "Application": "Browser",
        "ClientVersion": "N/A",
        "ApiType": "N/A",
        "ApiVersion": "N/A",
        "CountryIso": "GB",
        "AuthenticationServiceId": None,
        "LoginGeoId": None,
        "TlsProtocol": "TLS 1.3",
        "CipherSuite": "TLS_AES_256_GCM_SHA384",
        "OptionsIsGet": False,
        "OptionsIsPost": True,
        "AuthMethodReference": None,
        "NetworkId": "000000000000000AAA",
    }


def row(event_type: str, **changed: str) -> Kind:
    values = COLUMNS | {"EVENT_TYPE": event_type} | changed
    return Kind.of_text(",".join(f'"{value}"' for value in values.values()))


def login_uids(line: bytes, _series: Series, _number: int) -> list[str]:
    return [str(json.loads(line)["Id"])]


def row_uids(line: bytes, _series: Series, _number: int) -> list[str]:
    """The request; in `events` a slash and the hash of the row follow."""
    (values,) = csv.reader([line.decode()])
    return [values[list(COLUMNS).index("REQUEST_ID")]]


LOGIN_HISTORY = Template.of(
    login("Success", "Application"),
    login("Success", "Remote Access 2.0"),
    login("Invalid Password", "Application"),
    time=salesforce,
)
KNOWN = {"USER_NAME": "$login@$tenant.example"}
FILES = {
    name: Template(kinds, iso_milliseconds, compact)
    for name, kinds in {
        "Login": (
            row("Login", **KNOWN, LOGIN_STATUS="LOGIN_NO_ERROR"),
            row("Login", **KNOWN, LOGIN_STATUS="LOGIN_ERROR_INVALID_PASSWORD", REQUEST_STATUS="F"),
        ),
        "Logout": (row("Logout"),),
        "API": (
            row("API", METHOD_NAME="query", ENTITY_NAME="Account", ROWS_PROCESSED="200"),
            row("API", METHOD_NAME="update", ENTITY_NAME="Contact", ROWS_PROCESSED="1"),
        ),
        "URI": (row("URI"), row("URI", URI="/001/o")),
        "ReportExport": (row("ReportExport", URI="/00O71", BROWSER_TYPE="curl, with a comma"),),
    }.items()
}
