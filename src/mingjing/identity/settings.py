"""Settings of sign-in. Every limit is finite."""

from typing import Literal

from pydantic import Field

from mingjing.kernel.settings import Section


class IdentitySettings(Section):
    """`[identity]`"""

    jurisdiction: str = Field(default="明镜", max_length=60, description="Shown beside the product's name")
    session_idle_minutes: int = Field(
        default=60, ge=1, le=1440, description="A session unused for so long ends"
    )
    session_hours: int = Field(
        default=12, ge=1, le=72, description="A session ends after so long, used or not"
    )
    sessions_per_user: int = Field(default=5, ge=1, le=50, description="Open at once; the oldest ends")
    tries_per_quarter_hour: int = Field(default=10, ge=1, le=100, description="Per account")
    tries_per_day: int = Field(default=100, ge=1, le=1000, description="Per account")
    source_tries_per_day: int = Field(
        default=300, ge=1, le=100_000, description="Per network address; of IPv6 per /64"
    )
    argon2_memory_kib: int = Field(
        default=65_536, ge=65_536, le=1_048_576, description="Memory of a password hash"
    )
    argon2_passes: int = Field(default=3, ge=1, le=10, description="Passes of a password hash")
    second_factor: Literal["off", "administrators", "all"] = Field(
        default="administrators",
        description="Who must use a second factor; everybody may. `serve --demo`: off unless it is set",
    )
    step_up_minutes: int = Field(
        default=5, ge=1, le=60, description="How long a fresh proof of the password opens sensitive acts"
    )
    token_days_most: int = Field(default=365, ge=1, le=3650, description="Longest life of an API token")
