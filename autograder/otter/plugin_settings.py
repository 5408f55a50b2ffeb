"""The settings of the plugin in `otter_config.json`; Otter itself would ignore a name that it does not know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from autograder.model import Isolation, Value
from autograder.platforms.checked_settings import checked_settings


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
    return checked_settings(PluginSettings, given, owner="the plugin autograder.otter.Plugin in otter_config.json")
