"""AWS CloudTrail: `Records` in gzipped files, as the trail puts them into its bucket."""

import gzip
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, ClassVar

from models.simulator import agents
from models.simulator.company import Company
from models.simulator.render import Action, Use
from models.simulator.template import template

ROLE = "AWSReservedSSO_Developer_4f1d2c3b5a697887"
SERVICES = {  # event name -> (event source, read only)
    "ConsoleLogin": ("signin.amazonaws.com", False),
    "DescribeInstances": ("ec2.amazonaws.com", True),
    "DescribeVolumes": ("ec2.amazonaws.com", True),
    "GetObject": ("s3.amazonaws.com", True),
    "PutObject": ("s3.amazonaws.com", False),
    "ListBuckets": ("s3.amazonaws.com", True),
    "GetCallerIdentity": ("sts.amazonaws.com", True),
    "GetSecretValue": ("secretsmanager.amazonaws.com", True),
    "DescribeLogGroups": ("logs.amazonaws.com", True),
    "ListFunctions20150331": ("lambda.amazonaws.com", True),
    "UpdateFunctionCode20150331v2": ("lambda.amazonaws.com", False),
    "Decrypt": ("kms.amazonaws.com", True),
}
PERSON = {
    "type": "AssumedRole",
    "principalId": "$role_id:$email",
    "arn": f"arn:aws:sts::$account:assumed-role/{ROLE}/$email",
    "accountId": "$account",
    "accessKeyId": "ASIA$key",
    "sessionContext": {
        "sessionIssuer": {
            "type": "Role",
            "principalId": "$role_id",
            "arn": f"arn:aws:iam::$account:role/aws-reserved/sso.amazonaws.com/{ROLE}",
            "accountId": "$account",
            "userName": ROLE,
        },
        "attributes": {"creationDate": "$time", "mfaAuthenticated": "false"},
    },
}
PROGRAM = {
    "type": "IAMUser",
    "principalId": "AIDA$principal",
    "arn": "arn:aws:iam::$account:user/$name",
    "accountId": "$account",
    "accessKeyId": "AKIA$principal",
    "userName": "$name",
}
OBJECT = {
    "bucketName": "$bucket",
    "Host": "$bucket.s3.$region.amazonaws.com",
    "key": "data/$digits.parquet",
}
PARAMETERS: dict[str, Any] = {
    "DescribeInstances": {"instancesSet": {}, "filterSet": {}},
    "DescribeVolumes": {"volumeSet": {}, "filterSet": {}},
    "GetObject": OBJECT,
    "PutObject": OBJECT,
    "ListBuckets": {"Host": "s3.$region.amazonaws.com"},
    "GetSecretValue": {"secretId": "prod/database"},
    "DescribeLogGroups": {"limit": 50},
    "UpdateFunctionCode20150331v2": {"functionName": "billing", "publish": True},
    "Decrypt": {"encryptionAlgorithm": "SYMMETRIC_DEFAULT"},
}


def _record(name: str, identity: dict[str, Any]) -> dict[str, Any]:
    source, read_only = SERVICES[name]
    record: dict[str, Any] = {
        "eventVersion": "1.09",
        "userIdentity": identity,
        "eventTime": "$time",
        "eventSource": source,
        "eventName": name,
        "awsRegion": "$region",
        "sourceIPAddress": "$ip",
        "userAgent": "$agent",
        "requestParameters": PARAMETERS.get(name),
        "responseElements": None,
        "requestID": "$request",
        "eventID": "$uuid",
        "readOnly": read_only,
        "eventType": "AwsApiCall",
        "managementEvent": name not in ("GetObject", "PutObject"),
        "recipientAccountId": "$account",
        "eventCategory": "Data" if name in ("GetObject", "PutObject") else "Management",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": f"{source.split('.')[0]}.$region.amazonaws.com",
        },
    }
    if name == "ConsoleLogin":
        record |= {
            "eventType": "AwsConsoleSignIn",
            "responseElements": {"ConsoleLogin": "<result>"},
            "additionalEventData": {
                "LoginTo": "https://console.aws.amazon.com/console/home",
                "MobileVersion": "No",
                "MFAUsed": "No",
            },
        }
    return record


class Log:
    """The trail of the company's AWS account. People come through single sign-on."""

    actions: ClassVar[tuple[Action, ...]] = (
        Action("ConsoleLogin"),
        Action("DescribeInstances", people=2.0, program=2.0),
        Action("DescribeVolumes", people=0.6, program=0.4),
        Action("GetObject", people=3.0, program=6.0),
        Action("PutObject", people=0.8, program=3.0),
        Action("ListBuckets", people=0.8),
        Action("GetCallerIdentity", people=1.0, program=0.5),
        Action("GetSecretValue", people=0.2, program=0.5),
        Action("DescribeLogGroups", people=1.2),
        Action("ListFunctions20150331", people=0.6),
        Action("UpdateFunctionCode20150331v2", people=0.3),
        Action("Decrypt", people=0.3, program=1.0),
    )
    shares: ClassVar[Mapping[str, float]] = {
        "": 0.0, "engineer": 0.30, "admin": 0.12, "service": 0.70,
    }  # fmt: skip
    guessable: ClassVar[bool] = False

    def __init__(self, company: Company) -> None:
        self._people = {name: template(_record(name, PERSON)) for name in SERVICES}
        self._programs = {name: template(_record(name, PROGRAM)) for name in SERVICES}
        first = company.people[0]
        self._account = first.stable("account", "123456789", 12)
        self._role = "AROA" + first.stable("role", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 17)
        self._bucket = f"{company.name}-lake"
        self._region = "us-east-1" if first.office.city.longitude < -30 else "eu-west-1"

    def line(self, use: Use) -> str:
        person = use.person
        templates = self._programs if person.service else self._people
        principal = person.stable("aws", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 17)
        return templates[use.action.name] % {
            "account": self._account,
            "role_id": self._role,
            "principal": principal,
            "name": person.name,
            "email": person.email,
            "key": principal[:8] + f"{use.session:09d}"[-9:].translate(DIGITS_TO_LETTERS),
            "time": use.time[:19] + "Z",
            "region": self._region,
            # Keys are used by S3 for somebody: then CloudTrail names the service.
            "ip": "s3.amazonaws.com" if use.action.name == "Decrypt" else use.address.text,
            "agent": agents.agent(person, use.device, use.session)[0],
            "bucket": self._bucket,
            "digits": use.digits[:12],
            "request": use.uuid[::-1],
            "uuid": use.uuid,
            "result": '"Failure"' if use.failed else '"Success"',
        }

    def uids(self, use: Use) -> list[str]:
        return [use.uuid]

    def files(self, day: date, lines: list[str]) -> Iterator[tuple[str, bytes]]:
        """One gzipped object for each 5,000 records, named as CloudTrail names them."""
        for part, start in enumerate(range(0, len(lines), 5000)):
            stem = f"{self._account}_CloudTrail_{self._region}_{day:%Y%m%d}T{part:04}Z"
            body = '{"Records":[' + ",".join(lines[start : start + 5000]) + "]}"
            yield f"{stem}.json.gz", gzip.compress(body.encode(), compresslevel=1, mtime=0)


DIGITS_TO_LETTERS = str.maketrans("0123456789", "ABCDEFGHIJ")
