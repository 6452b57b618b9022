"""Management events of CloudTrail ("CloudTrail record contents", "userIdentity element")."""

from datetime import datetime
from typing import Any

from provider_simulator.moments import iso_seconds
from provider_simulator.records import Template


def event(source: str, name: str, *, read: bool, error: str = "", **more: Any) -> dict[str, Any]:
    record = {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "IAMUser",
            "principalId": "AIDA$account$person",
            "arn": "arn:aws:iam::$account:user/$login",
            "accountId": "$account",
            "accessKeyId": "AKIAEXAMPLE$person",
            "userName": "$login",
        },
        "eventTime": "$time",
        "eventSource": source,
        "eventName": name,
        "awsRegion": "us-east-1",
        "sourceIPAddress": "$ip",
        "userAgent": "aws-cli/2.17.0",
        "requestParameters": None,
        "responseElements": None,
        "requestID": "$digits",
        "eventID": "$uuid",
        "readOnly": read,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": "$account",
        "eventCategory": "Management",
        **more,
    }
    return record | ({"errorCode": error, "errorMessage": "not authorized"} if error else {})


def seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


RECORD = Template.of(
    event("signin.amazonaws.com", "ConsoleLogin", read=False, eventType="AwsConsoleSignIn",
          responseElements={"ConsoleLogin": "Success"},
          additionalEventData={"MFAUsed": "Yes", "MobileVersion": "No"}),
    event("iam.amazonaws.com", "CreateAccessKey", read=False,
          requestParameters={"userName": "$login"}),
    event("ec2.amazonaws.com", "DescribeInstances", read=True),
    event("ec2.amazonaws.com", "RunInstances", read=False, error="Client.UnauthorizedOperation"),
    event("s3.amazonaws.com", "PutBucketAcl", read=False,
          requestParameters={"bucketName": "plans-$account", "x-amz-acl": ["private"]}),
    time=iso_seconds,
)  # fmt: skip
