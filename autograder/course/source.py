"""YAML text to plain data with line numbers, under limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from autograder.errors import CourseError

FILE = "course.yml"
MAX_BYTES = 256 * 1024
MAX_DEPTH = 12
_CORE = "tag:yaml.org,2002:"
_SCALARS = {_CORE + name for name in ("str", "int", "float", "bool", "null")}

Path = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True)
class Source:
    """Plain data and the line of each key."""

    data: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """Return the line of the key, or that of the nearest enclosing key."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def fault(line: int, sentence: str) -> CourseError:
    """Return the error that names the file and the line."""
    return CourseError(f"{FILE}, line {line}: {sentence}")


def read_source(text: str) -> Source:
    """Parse YAML without anchors, aliases, tags or duplicate keys.

    Raises:
        CourseError: the text is too large, is not such YAML, or is not a mapping.
    """
    size = len(text.encode("utf-8", "replace"))
    if size > MAX_BYTES:
        raise CourseError(f"{FILE} may have at most {MAX_BYTES // 1024} KiB, but has {size // 1024 + 1}: shorten it.")
    try:
        _refuse_bombs(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(str(error.problem or error.context or "it cannot be parsed").split())
        line = mark.line + 1 if mark else 1
        raise fault(line, f"this is not YAML ({what}): check indentation, colons and quotes.") from None
    except yaml.YAMLError as error:
        what = " ".join(str(error).split())[:200]
        raise CourseError(f"{FILE} is not YAML ({what}): save it as plain UTF-8 text.") from None
    if not isinstance(node, yaml.MappingNode):
        raise fault(1, "a mapping with the keys id, title, assignments … is expected here: see `autograder schema`.")
    lines: dict[Path, int] = {(): 1}
    return Source(data=_plain(node, (), lines), lines=lines)


def _refuse_bombs(text: str) -> None:
    """Check the flat stream of events first: composing is recursive, and aliases multiply."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise fault(line, "anchors (&) and aliases (*) are not allowed: write the value out, or use `defaults`.")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise fault(line, f"values are nested more than {MAX_DEPTH} levels deep: nothing in this file needs that.")


def _plain(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode) and node.tag == _CORE + "map":
        return _mapping(node, path, lines)
    if isinstance(node, yaml.SequenceNode) and node.tag == _CORE + "seq":
        return [_plain(item, (*path, index), lines) for index, item in enumerate(node.value)]
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    raise fault(node.start_mark.line + 1, f"the tag {node.tag[:60]} is not allowed here: write plain values.")


def _mapping(node: yaml.MappingNode, path: Path, lines: dict[Path, int]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise fault(line, "a key must be a plain word.")
        # The key as written: YAML 1.1 would convert `on`, `no` and 2026-01-01 to other types.
        key = str(key_node.value)
        if key in result:
            first = lines[(*path, key)]
            raise fault(line, f"the key '{key[:60]}' occurs twice (first in line {first}): remove one of them.")
        lines[(*path, key)] = line
        result[key] = _plain(value_node, (*path, key), lines)
    return result


def _scalar(node: yaml.ScalarNode) -> Any:
    if node.tag in (_CORE + "timestamp", _CORE + "value", _CORE + "merge"):
        return node.value  # dates are parsed where a date is expected
    if node.tag not in _SCALARS:
        raise fault(node.start_mark.line + 1, f"the tag {node.tag[:60]} is not allowed here: write plain values.")
    if node.tag == _CORE + "str":
        return node.value
    try:
        value = yaml.constructor.SafeConstructor().construct_object(node)
    except (ValueError, OverflowError):
        sentence = f"'{node.value[:60]}' cannot be read as a number: put quotes around text."
        raise fault(node.start_mark.line + 1, sentence) from None
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        raise fault(node.start_mark.line + 1, f"'{node.value[:60]}' is not a finite number: write a plain number.")
    if isinstance(value, int) and ":" in node.value:
        return node.value  # YAML 1.1 reads 10:30 in base 60, but a time is meant
    return value
