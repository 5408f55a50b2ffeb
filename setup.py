"""Adds to a wheel what lies outside of the package here: what an image is built from, and the course of the demo."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
CONTEXT = ("pyproject.toml", "requirements.lock", "README.md", "LICENSE", ".dockerignore")
SAMPLE = ("assignments/mlp-digits", "reference/mlp-digits", "tests/hidden/mlp-digits")


class BuildWithCourse(build_py):
    """Copies them into the package that is built; an editable installation finds them where they are."""

    def run(self) -> None:
        """Build the package, then add the files that are there: an image is built without the course."""
        super().run()
        if self.editable_mode:
            return
        package = Path(self.build_lib) / "autograder"
        for name in CONTEXT:
            self._copy(ROOT / name, package / "container" / "context" / name)
        for folder in SAMPLE:
            for path in sorted((ROOT / folder).rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts:
                    self._copy(path, package / "authoring" / "sample" / path.relative_to(ROOT))

    def _copy(self, source: Path, target: Path) -> None:
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


setup(cmdclass={"build_py": BuildWithCourse})
