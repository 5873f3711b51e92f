"""Bases of what goes over the wire: requests refuse what they do not know, both carry an example, errors are named."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from mingjing.kernel.errors import ErrorKind

EXAMPLE_US = 1_795_651_200_000_000
"""A moment for examples: 26 November 2026, 08:00 in Beijing."""


class Wanted(BaseModel):
    """The base of every request body: unknown members are refused, so that a typing error is not silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Told(BaseModel):
    """The base of every answer: only what is declared goes out."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


def example(**values: Any) -> ConfigDict:
    """`model_config = example(…)`: what OpenAPI shows for this body.

    Members whose model has an example of its own may be left out; `web.describing` puts that one in their place.
    """
    return ConfigDict(json_schema_extra={"examples": [values]})


def fails(*kinds: ErrorKind | str) -> dict[str, Any]:
    """`openapi_extra=fails(…)`: the errors of the catalogue that an operation answers with, beyond those that every
    operation of its kind has (`web.describing`). A code stands for the error of a room that must not be known here,
    which refuses what it hears of."""
    return {"x-errors": [kind if isinstance(kind, str) else kind.code for kind in kinds]}


def sends(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """`responses=sends("image/jpeg")`: the answer is a file."""
    body = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": "The file", "content": dict.fromkeys(media_types, body)}}


DivisionCode = Annotated[str, Field(pattern=r"^[0-9A-Z]{2,12}$", examples=["420115"])]
Reference = Annotated[str, Field(max_length=32)]
"""The identifier of another record."""
Days = Annotated[int, Field(ge=0, le=3650)]
Day = Annotated[date, Field(ge=date(1980, 1, 1), le=date(2199, 12, 31))]
"""A day in Beijing."""
ChannelId = Annotated[str, Field(examples=["ch_k2x9p4q7m1aa"])]
SystemId = Annotated[str, Field(examples=["sy_k2x9p4q7m1aa"])]
PlaceId = Annotated[str, Field(examples=["pc_k2x9p4q7m1aa"])]
FilingId = Annotated[str, Field(examples=["fi_k2x9p4q7m1aa"])]
ConstructionPlanId = Annotated[str, Field(examples=["cp_k2x9p4q7m1aa"])]
PlanItemId = Annotated[str, Field(examples=["pi_k2x9p4q7m1aa"])]
ProjectId = Annotated[str, Field(examples=["pj_k2x9p4q7m1aa"])]
DocumentId = Annotated[str, Field(examples=["dc_k2x9p4q7m1aa"])]
OrderId = Annotated[str, Field(examples=["wo_k2x9p4q7m1aa"])]
ContractId = Annotated[str, Field(examples=["ct_k2x9p4q7m1aa"])]
StaffId = Annotated[str, Field(examples=["sf_k2x9p4q7m1aa"])]
AgreementId = Annotated[str, Field(examples=["ag_k2x9p4q7m1aa"])]
FindingId = Annotated[str, Field(examples=["fd_k2x9p4q7m1aa"])]
ForbiddenPlaceId = Annotated[str, Field(examples=["fp_k2x9p4q7m1aa"])]
ConsentId = Annotated[str, Field(examples=["sc_k2x9p4q7m1aa"])]
DecisionId = Annotated[str, Field(examples=["dc_k2x9p4q7m1aa"])]
RoundId = Annotated[str, Field(examples=["rd_k2x9p4q7m1aa"])]
ResultId = Annotated[str, Field(examples=["rr_k2x9p4q7m1aa"])]
DivisionId = Annotated[str, Field(examples=["420115"])]
OrganisationId = Annotated[str, Field(examples=["or_k2x9p4q7m1aa"])]
UserId = Annotated[str, Field(examples=["us_k3v7q2m5x4ab"])]
SessionId = Annotated[str, Field(examples=["se_k3v7q2m5x4ab"])]
ApprovalId = Annotated[str, Field(examples=["ap_k2x9p4q7m1aa"])]
TokenId = Annotated[str, Field(examples=["tk_k3v7q2m5x4ab"])]
PlanId = Annotated[str, Field(examples=["pl_k2x9p4q7m1aa"])]
ExportId = Annotated[str, Field(examples=["ex_k3v7q2m5x4ab"])]
AlarmId = Annotated[str, Field(examples=["al_k3v7q2m5x4ab"])]
LayoutId = Annotated[str, Field(examples=["ly_k3v7q2m5x4ab"])]
TourId = Annotated[str, Field(examples=["to_k3v7q2m5x4ab"])]
SavedFilterId = Annotated[str, Field(examples=["sv_k2x9p4q7m1aa"])]
