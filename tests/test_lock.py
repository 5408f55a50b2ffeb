"""The locked versions can be installed by everyone to whom pyproject.toml promises it."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from packaging.specifiers import SpecifierSet

from tests.syntax_trees import tree_of

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PARTS = {"pydantic-core": "pydantic"}
"""Packages that come with another one, which pins their version."""
OPTIONAL = {"tensorflow": "cpu", "otter-grader": "platforms", "dask": "cluster", "distributed": "cluster",
            "jupyterhub": "serve", "starlette": "serve", "tornado": "serve", "uvicorn": "serve"}
"""What is imported where an extra has installed it: by Otter alone, for a cluster alone, or for a JupyterHub alone."""
LOCKED = re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)


def test_the_oldest_python_can_install_every_locked_version():
    """A package may ask for a late patch release of the oldest Python: pip finds no solution on an earlier one."""
    promised = PROJECT["requires-python"]
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


def named(requirements: list[str]) -> set[str]:
    """Return the names of the distributions that some requirements ask for."""
    return {normal(re.split(r"[^A-Za-z0-9_.-]", one, maxsplit=1)[0]) for one in requirements}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def imported(folder: Path) -> dict[str, str]:
    """Return the top names of what is imported anywhere in a package, each with one module that imports it."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(tree_of(path)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else \
                [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            for name in names:
                found.setdefault(name.split(".")[0], path.relative_to(folder).as_posix())
    return {name: path for name, path in found.items()
            if name not in sys.stdlib_module_names and name != folder.name}


@cache
def packages_distributions() -> Mapping[str, list[str]]:
    """Return who holds each module; reads the list of files of everything that is installed."""
    return importlib.metadata.packages_distributions()


def distributions(names: dict[str, str]) -> dict[str, str]:
    """Return the distributions that hold the modules."""
    holders = packages_distributions()
    found = {normal(holder): path for name, path in names.items() for holder in holders.get(name, [])}
    return {PARTS.get(name, name): path for name, path in found.items()}


def test_what_is_installed_with_the_package_is_imported_by_it():
    """What only tests or benchmarks need belongs to an extra."""
    assert named(PROJECT["dependencies"]) - distributions(imported(ROOT / "autograder")).keys() == set()


def test_what_the_package_imports_is_installed_with_it():
    used = distributions(imported(ROOT / "autograder"))
    optional = named([one for extra in OPTIONAL.values() for one in PROJECT["optional-dependencies"][extra]])
    assert {name: path for name, path in used.items()
            if name not in named(PROJECT["dependencies"]) | optional | OPTIONAL.keys()} == {}


def test_everything_that_is_named_is_locked():
    extras = [one for extra in PROJECT["optional-dependencies"].values() for one in extra]
    locked = {normal(name) for name in LOCKED}
    missing = named([*PROJECT["dependencies"], *extras]) - locked
    assert missing <= {"tensorflow", "torch"}, "of TensorFlow the lock has the build for CPUs, of PyTorch none"


def test_setting_up_installs_every_extra_that_tests_and_benchmarks_need():
    line = next(line for line in (ROOT / "Makefile").read_text().splitlines() if "--editable" in line)
    assert set(re.search(r"\[(.*)\]", line)[1].split(",")) == {
        "$(BACKEND)", *PROJECT["optional-dependencies"].keys() - {"cpu", "gpu", "jax", "torch"}}
