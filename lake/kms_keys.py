"""Keys that never leave AWS KMS: it makes and opens the data keys that the objects are under."""

import logging
from datetime import datetime
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from conf.errors import AntipodeError, UsageError
from conf.settings import Settings
from lake.tenant_keys import KMS, TenantKey

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

TAG = "antipode-tenant"  # roles may use keys that bear it (conf/emr/iam), whatever their number
PENDING_DAYS = 7  # the shortest that KMS allows between the order to delete a key and its end


class KmsKeys:
    """The keys of AWS KMS that the settings lead to."""

    def __init__(self, settings: Settings) -> None:
        """Use the region and the credentials that are used for S3."""
        self._region = settings.s3_region
        self._named = settings.encryption_kms_key
        self._clients: dict[str, KMSClient] = {}
        # At DEBUG it would log KMS's answers, with the data keys in them.
        logging.getLogger("botocore.parsers").setLevel(logging.INFO)

    def first(self, tenant: str, now: datetime) -> TenantKey:
        """Return the key that the settings name: none is made, and paid for, unasked."""
        if not self._named:
            raise UsageError(
                f"Tenant {tenant} has no KMS key. Let ANTIPODE_ENCRYPTION_KMS_KEY name one, or "
                f"have one made: antipode keys rotate --tenant {tenant}"
            )
        return self.rotated(tenant, now, "")

    def rotated(self, tenant: str, now: datetime, name: str) -> TenantKey:
        """Return the key that `name` or the settings name; make one when neither does."""
        name = name or self._named.replace("{tenant}", tenant)
        return self._existing(name, tenant, now) if name else self._made(tenant, now)

    def _existing(self, name: str, tenant: str, now: datetime) -> TenantKey:
        try:
            about = self._client(name).describe_key(KeyId=name)
        except (ClientError, BotoCoreError) as error:
            raise AntipodeError(
                f"KMS key {name} of tenant {tenant} cannot be used: {error}. Check its name, the "
                "region (ANTIPODE_S3_REGION) and the right kms:DescribeKey."
            ) from error
        found = about["KeyMetadata"]
        if not found["Enabled"]:
            raise UsageError(f"KMS key {name} is {found.get('KeyState')}; enable it first.")
        return TenantKey(found["Arn"], KMS, now.isoformat(timespec="seconds"))

    def _made(self, tenant: str, now: datetime) -> TenantKey:
        try:
            made = self._client("").create_key(
                Description=f"Antipode, tenant {tenant}",
                Tags=[{"TagKey": TAG, "TagValue": tenant}],
            )
        except (ClientError, BotoCoreError) as error:
            raise AntipodeError(
                f"KMS made no key for tenant {tenant}: {error}. Allow kms:CreateKey and "
                "kms:TagResource, or let ANTIPODE_ENCRYPTION_KMS_KEY name a key that exists."
            ) from error
        return TenantKey(made["KeyMetadata"]["Arn"], KMS, now.isoformat(timespec="seconds"))

    def keyring(self, tenant: str, key: TenantKey) -> Any:
        """Return the encryption library's keyring of a key."""
        from aws_cryptographic_material_providers.mpl.models import CreateAwsKmsKeyringInput

        from lake.message import providers

        client = self._client(key.id)
        return providers().create_aws_kms_keyring(
            CreateAwsKmsKeyringInput(kms_key_id=key.id, kms_client=client)
        )

    def destroy(self, tenant: str, key: TenantKey) -> str:
        """Order a key's deletion; return what that means, as a sentence."""
        client = self._client(key.id)
        try:
            about = client.describe_key(KeyId=key.id)["KeyMetadata"]
            if about.get("KeyState") != "PendingDeletion":
                name = key.id.rsplit("/", 1)[-1]  # servers of its API differ here
                client.schedule_key_deletion(KeyId=name, PendingWindowInDays=PENDING_DAYS)
                about = client.describe_key(KeyId=key.id)["KeyMetadata"]
        except client.exceptions.NotFoundException:
            return f"{key.id} is gone."
        except (ClientError, BotoCoreError) as error:
            raise AntipodeError(
                f"KMS did not take the order to delete {key.id}: {error}. "
                "Allow kms:ScheduleKeyDeletion and run this again."
            ) from error
        end = about.get("DeletionDate")
        return f"{key.id} opens nothing any more; KMS deletes it for good on {end:%Y-%m-%d}."

    def _client(self, name: str) -> "KMSClient":
        region = _region_of(name) or self._region
        if region not in self._clients:
            self._clients[region] = boto3.client("kms", region_name=region or None)
        return self._clients[region]


def _region_of(name: str) -> str:
    """Return the region that an ARN names, "" for anything else."""
    parts = name.split(":")
    return parts[3] if parts[0] == "arn" and len(parts) > 4 else ""
