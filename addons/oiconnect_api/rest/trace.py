"""Optical paths over HTTP: their schema, and the requested form."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SVG = "image/svg+xml"


class Hop(BaseModel):
    """A part of a path, from the PRDM to the PTO."""

    path: int = Field(description="rank of its path: a PTO may have several")
    route: str | None
    label: str | None = Field(description="what it is")
    title: str | None
    detail: str | None
    tube: str | None
    fibre: str | None
    length: int = Field(description="metres")
    operator: str | None
    resource: str | None = Field(description="address of its resource, with its id")
    id: int | None
    here: bool
    flaw: bool = Field(description="something is missing or contradicts itself")


class Trace(BaseModel):
    """The paths through a record, hop by hop."""

    id: int
    name: str
    data: list[Hop]


class TraceQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    format: Literal["json", "svg"] | None = Field(
        None, description="also by the header Accept"
    )


def is_drawing(form, accept):
    """Return whether the drawing is requested, not the table."""
    return form == "svg" or (form is None and SVG in (accept or ""))
