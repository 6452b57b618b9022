"""What the configuration says of one account at a provider; each provider adds its own fields."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Account(BaseModel):
    """The fields that every account has.

    A provider's file derives its `Account` from it, gives `base_url` a default where there is one
    address for all, and adds fields: plain ones, and `Secret` for whatever must not be told.
    """

    # An error must not repeat what was written where a reference to a secret goes.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    name: str = Field(default="", description="Tells several accounts of one source apart.")
    base_url: str = Field(description="Where the API is; paths are added to it.")
    streams: tuple[str, ...] = Field(default=(), description="Only these logs. Default: all.")
    share: float = Field(
        default=0.5, gt=0, le=1, description="The part of the provider's quota to use at most."
    )
    quota: float = Field(
        default=1.0,
        gt=0,
        le=1000,
        description="How many times the documented quota the provider grants this account.",
    )
    at_once: int = Field(
        default=4,
        ge=1,
        le=16,
        description="How many spans of a log's past are asked for side by side, at most.",
    )
    since: datetime | None = Field(
        default=None, description="How far back the first run goes. Default: a day."
    )
    reread: Literal["tiers", "always"] = Field(
        default="tiers",
        description="When the time in which events may still be late is read again: recent parts "
        "often, old parts seldom (tiers), or all of it at each run (always).",
    )

    @field_validator("base_url")
    @classmethod
    def _base_url(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")):
            raise ValueError("an address begins with https:// (or http:// for a test)")
        return value.rstrip("/")

    @field_validator("since")
    @classmethod
    def _since(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a time needs its zone: 2026-01-01T00:00:00Z")
        return value
