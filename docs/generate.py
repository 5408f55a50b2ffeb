"""Write the pages of docs/reference that follow from the code: `python docs/generate.py`.

The pages are committed. tests/test_docs.py compares them with what this module makes, and fails for a command, option,
setting or assertion without a description.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from autograder import course
from autograder.checks import (
    batch_normalization,
    bunch,
    call,
    conv2d,
    dense,
    dropout,
    flatten,
    holds,
    initializer,
    keras_object,
    layer,
    max_pooling2d,
    measure,
    regularizer,
    schedule,
    student_value,
    vocabulary,
)
from autograder.checks.student import Student
from autograder.checks.vocabulary.model_parts import ModelWithParts
from autograder.checks.vocabulary.rebuilt import RebuiltModel
from autograder.checks.vocabulary.reconstructions import RestoringModel
from autograder.checks.vocabulary.sampled_array import SampledArray
from autograder.checks.vocabulary.subject import Subject
from autograder.cli import EXIT_CODES, cli

REFERENCE = Path(__file__).resolve().parent / "reference"
NOTE = "<!-- Written by docs/generate.py: change the code's descriptions and run `make docs`. -->"
BETWEEN_SUBJECTS = {"evidence", "quoted", "known_rows", "accepts", "confusion", "fits", "holder"}
"""What one assertion offers to another, not to a check."""
PARTS = (ModelWithParts, RebuiltModel, RestoringModel, SampledArray)
"""What the subjects of checks inherit from; no check gets one of them."""


class Undescribed(Exception):
    """Something that a page lists has no description in the code."""


def commands() -> str:
    """Return the page of the command line."""
    with click.Context(cli, info_name="autograder") as root:
        sections = [*_command(cli, root, "autograder"), *_below(cli, root, "autograder")]
    example = "autograder grade mlp-digits --workers 2\nautograder --output demo grade mlp-digits --json"
    return _page("The command line", "Look up what each command does and which options it takes.",
                 f"```console\n{example}\n```", "Options before the command are those of `autograder` itself; "
                 "`autograder COMMAND --help` says the same on the terminal. What a command ends with is in "
                 "[exit codes](exit-codes.md).", *sections)


def _below(group: click.Group, context: click.Context, path: str) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None:
            raise Undescribed(f"{path} {name}")
        with click.Context(command, parent=context, info_name=name) as inner:
            yield from _command(command, inner, f"{path} {name}")
            if isinstance(command, click.Group):
                yield from _below(command, inner, f"{path} {name}")


def _command(command: click.Command, context: click.Context, path: str) -> Iterator[str]:
    if not command.help:
        raise Undescribed(path)
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    yield f"## {path}"
    yield inspect.cleandoc(command.help).replace("\b\n", "")
    yield f"```text\n{usage}\n```"
    options = [option for option in command.get_params(context)
               if isinstance(option, click.Option) and not option.hidden]
    rows = [_option(option, context, path) for option in options if not {"--help", "--version"} & set(option.opts)]
    if rows:
        yield _table(("option", "what it does"), rows)


def _option(option: click.Option, context: click.Context, path: str) -> tuple[str, str]:
    found = option.get_help_record(context)
    if found is None or not found[1].strip() or found[1].lstrip().startswith("["):
        raise Undescribed(f"{path} {option.opts[0]}")
    return f"`{found[0]}`", " ".join(found[1].split())


def settings() -> str:
    """Return the page of `course.yml`."""
    schema = course.schema()
    parts = [("", "The whole file", schema)]
    parts += [(name, name.removesuffix("Form").removesuffix("Rule"), form)
              for name, form in schema["$defs"].items() if name != "Settings"]
    sections: list[str] = []
    for name, title, form in parts:
        where = ", ".join(f"`{place}`" for place in _places(schema, name)) if name else ""
        sections += [f"## {title}", *([f"Written under {where}."] if where else ()),
                     _table(("setting", "takes", "default", "what it does"), _settings(form))]
    example = """id: keras-intro
title: Neural networks with Keras
defaults:
  late: {per_day: 10, last_day: 7, grace: 15 min}
assignments:
  mlp-digits:
    title: A multilayer perceptron reads digits
    due: 2027-03-19T23:59:00+01:00
    limits: {memory: 2 GiB}"""
    return _page("Settings: course.yml", "Look up every setting of a course, what it takes and what it does.",
                 f"```yaml\n{example}\n```", "An unknown key is an error that names its line and the nearest right "
                 "key. `autograder schema` prints the JSON Schema that this page is made from, for editors. "
                 "`defaults` takes every setting of an assignment but `title`, `data`, `sizes` and `leaderboard`.",
                 *sections)


def _places(schema: Mapping[str, Any], name: str) -> Iterator[str]:
    """Yield where in the file a part of it may be written."""
    forms = {"": schema, **schema["$defs"]}
    for owner, form in forms.items():
        for key, value in form["properties"].items():
            if f"#/$defs/{name}\"" in json.dumps(value):
                many = "additionalProperties" in value
                above = {"": "", "AssignmentForm": "assignments.NAME.", "Settings": "defaults.",
                         "DatasetForm": "datasets.NAME."}[owner]
                yield f"{above}{key}{'.NAME' if many else ''}"


def _settings(form: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    for name, value in form["properties"].items():
        if not value.get("description"):
            raise Undescribed(f"{form.get('title')}: {name}")
        required = name in form.get("required", ())
        yield f"`{name}`", _takes(value), "required" if required else _default(value), value["description"]


def _default(value: Mapping[str, Any]) -> str:
    default = value.get("default")
    if default is None or isinstance(default, dict):
        return ""
    unit = " MiB" if "size" in _takes(value) else " s" if "time" in _takes(value) else ""
    return f"`{default:g}{unit}`" if isinstance(default, float) else f"`{default}{unit}`"


def _takes(value: Mapping[str, Any]) -> str:
    """Return in words what a setting takes."""
    if "anyOf" in value and any("min" in one.get("pattern", "") for one in value["anyOf"]):
        return "a time such as `10 min`"
    if "anyOf" in value:
        return " or ".join(dict.fromkeys(_takes(one) for one in value["anyOf"] if one.get("type") != "null"))
    if "$ref" in value:
        return "a mapping, see below"
    if "enum" in value:
        return ", ".join(f"`{item}`" for item in value["enum"])
    kind, pattern = value.get("type"), value.get("pattern", "")
    if "iB" in pattern:
        return "a size such as `512 MiB`"
    if kind == "object":
        return "a mapping, see below" if "$ref" in json.dumps(value) else "a mapping"
    words = {"integer": "a whole number", "number": "a number", "string": "text", "array": "a list",
             "boolean": "true or false"}
    text = "a date with its zone" if value.get("format") == "date-time" else words[str(kind)]
    return text + _bounds(value)


def _bounds(value: Mapping[str, Any]) -> str:
    signs = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    found = [f"{sign} {value[key]:g}" for key, sign in signs.items() if key in value]
    return f", {' and '.join(found)}" if found else ""


def assertions() -> str:
    """Return the page of the vocabulary of hidden checks."""
    sections: list[str] = []
    for kind in [Student, *_subjects()]:
        rows = list(_members(kind))
        if rows:
            sections += [f"## {kind.__name__.removesuffix('Subject')}", _sentence(kind, kind.__name__),
                         _table(("call", "basis", "what it says"), rows)]
    tools: list[Callable[..., Any]] = [dense, dropout, conv2d, max_pooling2d, batch_normalization, flatten, layer,
                                       initializer, regularizer, schedule, call, keras_object, student_value, bunch,
                                       measure, holds]
    sections += ["## Functions of `autograder.checks`", _table(("call", "what it does"), [
        (f"`{tool.__name__}{_signature(tool)}`", _sentence(tool, tool.__name__)) for tool in tools])]
    example = 'student.array("X_train").has_shape(6000, 784).is_finite()'
    return _page("The vocabulary of hidden checks", "Look up every assertion that a hidden check can make.",
                 f"```python\n{example}\n```", "`student` is the fixture that every check gets. An assertion returns "
                 "its subject, so assertions chain. *measured* is recomputed by the grader, *claimed* is what the "
                 "student's process says. [Writing hidden checks](../authoring/checks.md) explains how to use them.",
                 *sections)


def _subjects() -> Iterator[type]:
    seen: set[type] = set()
    for item in pkgutil.iter_modules(vocabulary.__path__):
        module = importlib.import_module(f"{vocabulary.__name__}.{item.name}")
        for _, kind in inspect.getmembers(module, inspect.isclass):
            own = kind.__module__ == module.__name__ and not kind.__name__.startswith("_")
            if own and issubclass(kind, Subject) and kind not in {Subject, *PARTS, *seen}:
                seen.add(kind)
                yield kind


def _members(kind: type) -> Iterator[tuple[str, str, str]]:
    for name in dict.fromkeys(name for base in kind.__mro__[:-1] for name in vars(base)):
        if name.startswith("_") or name in BETWEEN_SUBJECTS:
            continue
        item = inspect.getattr_static(kind, name)
        if not (inspect.isfunction(item) or isinstance(item, property)):
            continue
        text = inspect.getdoc(item) or ""
        basis = re.search(r"^Basis: (\w+)\.$", text, re.MULTILINE)
        shown = name if isinstance(item, property) else f"{name}{_signature(item)}"
        yield f"`.{shown}`", basis[1] if basis else "", _sentence(item, f"{kind.__name__}.{name}")


def _signature(function: Callable[..., Any]) -> str:
    """Return the parameters as a caller writes them, without types."""
    parameters = [parameter.replace(annotation=inspect.Parameter.empty)
                  for parameter in inspect.signature(function).parameters.values()
                  if parameter.name not in ("self", "subject")]
    return str(inspect.Signature(parameters)).replace("(/, ", "(").replace(", /", "")


def _sentence(item: object, name: str) -> str:
    text = inspect.getdoc(item)
    if not text:
        raise Undescribed(name)
    return " ".join(text.split("\n\n")[0].split()).replace("``", "`")


def exit_codes() -> str:
    """Return the page of exit codes."""
    rows = [(str(code), meaning.replace("course.yml", "`course.yml`").replace("--debug", "`--debug`"))
            for code, meaning in EXIT_CODES.items()]
    return _page("Exit codes", "Look up what a command ended with, for scripts that call it.",
                 "```console\nautograder grade mlp-digits || echo \"ended with $?\"\n```",
                 _table(("code", "meaning"), rows))


def _page(title: str, first: str, *parts: str) -> str:
    shown = [part if part.startswith(("#", "|", "```")) else _wrapped(part) for part in parts]
    return "\n\n".join([NOTE, f"# {title}", first, *shown]) + "\n"


def _wrapped(text: str) -> str:
    return "\n\n".join(textwrap.fill(part, 150, break_long_words=False, break_on_hyphens=False)
                       for part in text.split("\n\n"))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands, "course-yml.md": settings, "vocabulary.md": assertions, "exit-codes.md": exit_codes}


def write() -> None:
    """Write all pages that differ from what is there."""
    for name, make in PAGES.items():
        path, text = REFERENCE / name, make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
