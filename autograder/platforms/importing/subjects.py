"""What a foreign test looks at: a name of the student's, or what a call of the student's function returns. Pure."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.notebook.code_names import parse
from autograder.platforms.importing.plain_data import ArrayText, NotPlain, numbers, value_of

LIBRARIES = frozenset({"np", "numpy", "pd", "pandas", "tf", "tensorflow", "keras", "plt", "math", "os", "sys", "random",
                       "scipy", "sklearn", "pytest", "unittest"})
_BUILTIN = frozenset(dir(builtins))


class Untranslated(Exception):
    """The vocabulary of checks has no assertion for this."""


@dataclass(frozen=True)
class Subject:
    """One value of the student's.

    Attributes:
        name: the name; of a call that of the function.
        arguments: of a call, its arguments as a check writes them, the function's name first.
    """

    name: str
    arguments: str | None = None

    def as_kind(self, kind: str) -> str:
        """Return the code that looks the value up: ``student.array("x")``."""
        if self.arguments is None:
            return f'student.{kind}("{self.name}")'
        return f"student.called({self.arguments}).{kind}()"

    @property
    def value(self) -> str:
        """The code of what a call returned, as plain data."""
        return f"student.called({self.arguments}).value"


@dataclass(kw_only=True)
class Context:
    """What is known about the names in one test, and which calls and names it turned out to use.

    Attributes:
        kinds: names whose kind the solution shows: ``dict``, ``text``, ``numbers``, ``list``, ``bool``, ``number``.
        own: names that the test itself defines, so that they are no student's.
    """

    kinds: Mapping[str, str] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    imports: set[str] = field(default_factory=set)

    def subject(self, node: ast.expr) -> Subject:
        """Return the subject that an expression is.

        Raises:
            Untranslated: it is neither a name nor a call with arguments that a check can pass.
        """
        match node:
            case ast.Name(id=name) if self._is_students(name):
                self._note(name)
                return Subject(name)
            case ast.Call(func=ast.Name(id=name)) if self._is_students(name):
                arguments = ", ".join([f'"{name}"', *self._arguments(node)])
                self._note(name)
                if f"call({arguments})" not in self.calls:
                    self.calls.append(f"call({arguments})")
                self.imports.add("call")
                return Subject(name, arguments)
        raise Untranslated

    def kind(self, subject: Subject) -> str | None:
        """Return the kind of a name, where the solution shows it."""
        return self.kinds.get(subject.name) if subject.arguments is None else None

    def written(self, value: object) -> str:
        """Return plain data as a check writes it."""
        text = repr(value)
        if "np." in text and _has_array(value):
            self.imports.add("np")
        return text

    def _is_students(self, name: str) -> bool:
        return name not in self.own and name not in LIBRARIES and name not in _BUILTIN and name.isascii() and (
            not name.startswith("_"))

    def _arguments(self, node: ast.Call) -> list[str]:
        made = [self._argument(arg) for arg in node.args]
        for keyword in node.keywords:
            if keyword.arg is None:
                raise Untranslated
            made.append(f"{keyword.arg}={self._argument(keyword.value)}")
        return made

    def _argument(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name) and self._is_students(node.id):
            self.imports.add("student_value")
            return f'student_value("{node.id}")'
        try:
            return self.written(value_of(node))
        except NotPlain:
            raise Untranslated from None

    def _note(self, name: str) -> None:
        if name not in self.names:
            self.names.append(name)


def kinds_of(solution: str) -> dict[str, str]:
    """Return the kind of each name that the solution assigns once, as far as its text shows it."""
    tree = parse(solution)
    found: dict[str, str] = {}
    seen: set[str] = set()
    for node in tree.body if tree else ():
        if isinstance(node, ast.Assign):
            for name in (target.id for target in node.targets if isinstance(target, ast.Name)):
                found.pop(name, None)
                if name not in seen and (kind := _kind(node.value)):
                    found[name] = kind
                seen.add(name)
    return found


def _kind(node: ast.expr) -> str | None:
    if isinstance(node, ast.Dict | ast.DictComp):
        return "dict"
    if isinstance(node, ast.JoinedStr):
        return "text"
    if isinstance(node, ast.Compare | ast.BoolOp) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)):
        return "bool"
    try:
        value = value_of(node)
    except NotPlain:
        return "list" if isinstance(node, ast.List) else None
    if isinstance(value, bool):
        return "bool"
    if numbers(value):
        return "numbers"
    return {str: "text", list: "list", tuple: "list", int: "number", float: "number"}.get(type(value))


def _has_array(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_has_array, value.values()))
    return isinstance(value, ArrayText) or (isinstance(value, list | tuple) and any(map(_has_array, value)))
