"""Settings, read from the environment with the prefix `ANTIPODE_`.

Settings are read once, at the entry point, and passed down: nothing below reads the environment.
"""

from pathlib import Path

import platformdirs
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a user can set without a command-line option. Each field names its own variable."""

    model_config = SettingsConfigDict(env_prefix="ANTIPODE_", extra="ignore")

    geo_city_db: str = Field(
        default="",
        description="City databases (MMDB), separated by commas: IPv4, IPv6. Empty: the newest "
        "that `antipode geo update` brought, else the small one that ships with Antipode.",
    )
    geo_asn_db: str = Field(
        default="",
        description="Network databases (MMDB or the CSV of @ip-location-db/asn), separated by "
        "commas. Empty: as above.",
    )
    data_dir: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("antipode"),
        description="Where databases and feeds that were brought by an update are kept.",
    )
    maxmind_licence: SecretStr = Field(
        default=SecretStr(""),
        description="MaxMind's `ACCOUNT:KEY`: needed for `antipode geo update --provider maxmind`.",
    )
    threatfox_key: SecretStr = Field(
        default=SecretStr(""),
        description="Key of abuse.ch, free of charge: needed for the feed threatfox only.",
    )
    s3_endpoint_url: str = Field(
        default="", description="Another S3 server than Amazon's, such as http://127.0.0.1:9000."
    )
    s3_region: str = Field(default="", description="The region of the S3 bucket.")
    s3_sse: str = Field(
        default="",
        description="Server-side encryption that S3 is asked for with every write: AES256, aws:kms "
        "or aws:kms:dsse. Empty: the bucket's default.",
    )
    s3_sse_kms_key: str = Field(
        default="",
        description="ARN of the KMS key for ANTIPODE_S3_SSE=aws:kms. Empty: the account's aws/s3.",
    )
    s3_sse_bucket_key: bool = Field(
        default=True,
        description="With aws:kms: S3 Bucket Keys, which spare nearly all calls of KMS.",
    )
    encryption: str = Field(
        default="off",
        description="How raw objects are encrypted before they are stored: off, local (keys in a "
        "folder) or kms (keys of AWS KMS). Reading needs no setting.",
    )
    encryption_keys: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("antipode") / "keys",
        description="Folder of the keys for ANTIPODE_ENCRYPTION=local. Keep a copy elsewhere.",
    )
    encryption_kms_key: str = Field(
        default="",
        description="KMS key for ANTIPODE_ENCRYPTION=kms: ARN or alias, in which {tenant} stands "
        "for the tenant. Empty: the key that `antipode keys rotate` made for the tenant.",
    )
    log_level: str = Field(
        default="INFO",
        pattern="(?i)^(DEBUG|INFO|WARNING|ERROR)$",
        description="DEBUG, INFO, WARNING or ERROR.",
    )
