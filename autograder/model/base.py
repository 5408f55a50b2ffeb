"""The base of all value objects: frozen, strict about keys, JSON in and out."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """An immutable value; unknown keys are refused, so that a typo in a file is detected."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")

    def to_json(self, *, indent: int | None = 2) -> str:
        """Return the value as JSON text."""
        return self.model_dump_json(indent=indent)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Parse JSON text.

        Raises:
            pydantic.ValidationError: the text does not describe such a value.
        """
        return cls.model_validate_json(text)
