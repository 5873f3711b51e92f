"""Bases of what goes over the wire: requests refuse what they do not know, answers carry an example."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Wanted(BaseModel):
    """The base of every request body: unknown members are refused, so that a typing error is not silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Told(BaseModel):
    """The base of every answer: only what is declared goes out."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


def example(**values: Any) -> ConfigDict:
    """`model_config = example(…)`: what OpenAPI shows for this body."""
    return ConfigDict(json_schema_extra={"examples": [values]})
