"""Settings that a person wrote for another platform, checked by us: Otter ignores what it does not know in silence."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from autograder.errors import CourseError

Settings = TypeVar("Settings", bound=BaseModel)


def checked_settings(kind: type[Settings], given: Mapping[str, Any], *, owner: str) -> Settings:
    """Return the settings.

    Args:
        owner: whose settings they are, and where they are written, as the sentence says it.

    Raises:
        CourseError: a setting is unknown, missing or has a value that it cannot have.
    """
    known = list(kind.model_fields)
    for name in given:
        if name not in known:
            nearest = difflib.get_close_matches(str(name), known, n=1, cutoff=0.0)[0]
            raise CourseError(f"There is no setting {str(name)!r} for {owner}; the nearest is {nearest!r}, and there "
                              f"are {', '.join(known)}.")
    try:
        return kind.model_validate(dict(given))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise CourseError(f"The setting {where!r} for {owner} is wrong ({first['msg']}); correct it.") from None
