"""The settings of the plugin in `otter_config.json`; Otter itself would ignore a name that it does not know."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from pydantic import Field, ValidationError

from autograder.errors import CourseError
from autograder.model import Isolation, Value


class PluginSettings(Value):
    """What `otter_config.json` says under the plugin's name."""

    assignment: str = Field(description="the assignment that is graded")
    course: str | None = Field(None, description="folder of the course; left out: the zip of the course that "
                                                 "`autograder export otter` put into the autograder's zip")
    stand_in: bool = Field(False, description="allow the embedded digits where real data is missing")
    isolation: Isolation | None = Field(None, description="the mode to use; left out: the best of the machine")


def plugin_settings(given: Mapping[str, Any]) -> PluginSettings:
    """Return the settings.

    Raises:
        CourseError: a setting is unknown, missing or has a value that it cannot have.
    """
    known = list(PluginSettings.model_fields)
    for name in given:
        if name not in known:
            nearest = difflib.get_close_matches(str(name), known, n=1, cutoff=0.0)[0]
            raise CourseError(f"The plugin autograder.otter.Plugin has no setting {str(name)!r}; the nearest is "
                              f"{nearest!r}: correct otter_config.json.")
    try:
        return PluginSettings.model_validate(dict(given))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise CourseError(f"The setting {where!r} of the plugin autograder.otter.Plugin is wrong ({first['msg']}): "
                          "correct otter_config.json.") from None
