"""The horizon of a run."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bresim.common.calendar import quarter_date, quarter_number
from bresim.common.errors import said

#: A century: the model has no meaning beyond it.
MAX_QUARTERS = 400


class Time(BaseModel):
    """First quarter, first quarter of the governance design under test, and last quarter of a run."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    start: str
    policy_start: str
    end: str = Field(description="last quarter, included")

    @field_validator("start", "policy_start", "end", mode="before")
    @classmethod
    def _is_quarter(cls, value: object) -> object:
        quarter_number(str(value))
        return value

    @model_validator(mode="after")
    def _in_order(self) -> Time:
        if quarter_number(self.end) <= quarter_number(self.start):
            raise ValueError(said("time.end={end} must lie after time.start={start}", end=self.end, start=self.start))
        if not quarter_number(self.start) <= quarter_number(self.policy_start) <= quarter_number(self.end):
            raise ValueError(
                said(
                    "time.policy_start={policy_start} must lie within the horizon, {start} to {end}",
                    policy_start=self.policy_start,
                    start=self.start,
                    end=self.end,
                )
            )
        if self.quarters > MAX_QUARTERS:
            raise ValueError(
                said(
                    "{quarters} quarters from {start} to {end}; at most {max_quarters}",
                    quarters=self.quarters,
                    start=self.start,
                    end=self.end,
                    max_quarters=MAX_QUARTERS,
                )
            )
        return self

    @property
    def quarters(self) -> int:
        """Number of quarters, first and last included."""
        return quarter_number(self.end) - quarter_number(self.start) + 1

    @property
    def policy_quarter(self) -> int:
        """Index of the first quarter under the design (0 = first quarter of the run)."""
        return quarter_number(self.policy_start) - quarter_number(self.start)

    @property
    def dates(self) -> tuple[str, ...]:
        """The quarters by name."""
        first = quarter_number(self.start)
        return tuple(quarter_date(first + index) for index in range(self.quarters))
