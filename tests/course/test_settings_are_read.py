"""Every setting of course.yml is read by some code: one that has no effect must not be offered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, Field

from autograder.course.config import Course
from autograder.course.file import CourseForm
from autograder.model import Value
from tests.course.reads import Code

pytestmark = pytest.mark.slow

PACKAGE = Path(__file__).resolve().parents[2] / "autograder"
DEFINITIONS = {f"course/{name}.py" for name in ("config", "file", "parse", "people", "late", "serve", "watch")} | {
    "model/limits.py"}
"""Where settings are declared and handed on, which gives them no effect. A method there counts where it is called."""


def models(root: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield a model and all models below its fields, each once."""
    waiting, seen = [root], set()
    while waiting:
        model = waiting.pop()
        if model not in seen:
            seen.add(model)
            yield model
            waiting += [part for field in model.model_fields.values() for part in _parts(field.annotation)
                        if isinstance(part, type) and issubclass(part, BaseModel)]


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for inner in get_args(annotation):
        yield from _parts(inner)


def unread(settings: Iterable[type[BaseModel]], readers: Iterable[str], definitions: Iterable[str]) -> set[str]:
    """Return the fields (``Model.field``) that no reader reads, directly or through a method of the definitions.

    What is handed to a process as plain data may be read there by its key.

    Args:
        readers, definitions: sources of modules.
    """
    readers, definitions = list(readers), list(definitions)
    inside = Code(definitions).reads().keys()
    code = Code([*readers, *definitions])
    reads = code.reads()
    effective = set().union(*(found for function, found in reads.items() if function not in inside))
    while more := set().union(*(reads[method] for method in inside if method in effective)) - effective:
        effective |= more
    return {f"{model.__name__}.{name}" for model in settings for name in model.model_fields
            if (model.__name__, name) not in effective
            and not ((model.__name__, "model_dump") in effective and name in code.plain_keys(model.__name__.lower()))}


def sources() -> tuple[list[str], list[str]]:
    """Return the modules of the package that may give a setting its effect, and those that declare settings."""
    paths = {path.relative_to(PACKAGE).as_posix(): path for path in PACKAGE.rglob("*.py")}
    assert paths.keys() >= DEFINITIONS
    return ([path.read_text() for name, path in paths.items() if name not in DEFINITIONS],
            [paths[name].read_text() for name in sorted(DEFINITIONS)])


def test_every_setting_is_read() -> None:
    assert unread(models(Course), *sources()) == set()


@pytest.mark.slow
def test_a_graders_setting_that_nothing_reads_would_be_found() -> None:
    """Containers, jobs and options have attributes of the same names: they do not speak for a grader's."""
    readers, definitions = sources()
    for call in ("grader.image", "grader.cpus", "grader.memory_mib", "most_at_once", "within_graders", "time_note"):
        readers = [source.replace(call, "elsewhere") for source in readers]
    assert unread(models(Course), readers, definitions) == {
        "Grader.image", "Grader.cpus", "Grader.memory_mib", "Grader.seconds"}


def test_every_key_of_the_file_becomes_a_setting() -> None:
    """What is written has a field in the course, under its own name or that of its unit."""
    units = {"cell_time": "cell_seconds", "notebook_time": "notebook_seconds", "memory": "memory_mib",
             "disk": "disk_mib", "output": "output_mib", "grace": "grace_seconds", "time": "seconds",
             "notebook": "notebook_mib", "archive": "archive_mib", "defaults": "assignments"}
    known = {name for model in models(Course) for name in model.model_fields}
    written = {name for model in models(CourseForm) for name in model.model_fields}
    assert {name for name in written if units.get(name, name) not in known} == set()


class Machine(Value):
    image: str | None = None
    cores: int = Field(default=1)
    shape: int = 1


class Fleet(Value):
    machines: dict[str, Machine] = Field(default_factory=dict)


DECLARED = """
class Machine:
    image: str
    cores: int
    shape: int
    def most(self) -> int: return self.cores * 2
    def unused(self) -> int: return self.shape
class Fleet:
    machines: dict[str, Machine]
class Camera:
    image: str
    shape: int
def build(form: Machine): return Machine(image=form.image)
"""
ALL = {"Fleet.machines", "Machine.image", "Machine.cores", "Machine.shape"}


@pytest.mark.parametrize(("reader", "left"), [
    ("print(fleet.machines['a'].most())", {"Machine.image", "Machine.shape"}),
    ("print(fleet.machines.get('a').image, [one.shape for one in fleet.machines.values()])", {"Machine.cores"}),
    ("for name, one in fleet.machines.items(): print(one.image, one.most())", {"Machine.shape"}),
    ("print(camera.image, camera.shape)", ALL),
    ("chosen = fleet.machines['a']; chosen.image = 1", ALL - {"Fleet.machines"}),
    ("run(image='image', cores=1)", ALL),
])
def test_a_setting_that_is_only_parsed_and_handed_on_is_found(reader: str, left: set[str]) -> None:
    source = f"def use(fleet: Fleet, camera: Camera):\n    {reader}\n"
    assert unread(models(Fleet), [source], [DECLARED]) == left
