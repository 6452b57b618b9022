"""How the table library reaches the lake: its address and options, from the same settings."""

from pathlib import Path

from conf.errors import UsageError
from conf.settings import Settings
from lake.objects import Objects


def address(objects: Objects, name: str) -> str:
    """Return where the table `name` lies: a path, or an s3:// address."""
    if "%" in objects.uri:  # delta-rs takes it for an encoding
        raise UsageError(f"A lake cannot lie at {objects.uri}: choose a place without %.")
    return f"{objects.uri}/{name}" if _on_s3(objects) else str(Path(objects.uri, name))


def options(objects: Objects, settings: Settings) -> dict[str, str]:
    """Return the options of delta-rs. Credentials come from the environment, as for boto3."""
    if not _on_s3(objects):
        return {}
    found = {"aws_conditional_put": "etag"}  # a commit is a write that must not overwrite
    if settings.s3_region:
        found["aws_region"] = settings.s3_region
    if settings.s3_endpoint_url:
        found["aws_endpoint_url"] = settings.s3_endpoint_url
        found["aws_allow_http"] = str(settings.s3_endpoint_url.startswith("http://")).lower()
        found["aws_virtual_hosted_style_request"] = "false"
    if settings.s3_sse:
        found["aws_server_side_encryption"] = settings.s3_sse
    if settings.s3_sse_kms_key:
        found["aws_sse_kms_key_id"] = settings.s3_sse_kms_key
    if settings.s3_sse == "aws:kms":
        found["aws_sse_bucket_key_enabled"] = str(settings.s3_sse_bucket_key).lower()
    return found


def _on_s3(objects: Objects) -> bool:
    return objects.uri.startswith("s3://")
