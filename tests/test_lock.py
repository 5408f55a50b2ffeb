"""The locked versions can be installed by everyone to whom pyproject.toml promises it."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from pathlib import Path

from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parent.parent
LOCKED = re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)


def test_the_oldest_python_can_install_every_locked_version():
    """A package may ask for a late patch release of the oldest Python: pip finds no solution on an earlier one."""
    promised = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    oldest = re.fullmatch(r">=(\d+\.\d+)", promised)
    assert oldest and len(LOCKED) > 100
    asked = {}
    for name in LOCKED:
        try:
            asked[name] = importlib.metadata.metadata(name).get("Requires-Python") or ""
        except importlib.metadata.PackageNotFoundError:
            continue  # of another platform
    assert len(asked) > 100
    refused = {name: wanted for name, wanted in asked.items() if not SpecifierSet(wanted).contains(f"{oldest[1]}.0")}
    assert not refused, f"lock versions of these that Python {oldest[1]}.0 takes"
