"""Adds to a wheel what an image is built from, which lies outside of the package here.

No course is added: student code may read the installed package, so solutions and hidden checks must not be in it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
CONTEXT = ("pyproject.toml", "requirements.lock", "README.md", "LICENSE", ".dockerignore")


class BuildWithContext(build_py):
    """Copies it into the package that is built; an editable installation finds it where it is."""

    def run(self) -> None:
        """Build the package, then add the files that are there."""
        super().run()
        if self.editable_mode:
            return
        package = Path(self.build_lib) / "autograder"
        for name in CONTEXT:
            self._copy(ROOT / name, package / "container" / "context" / name)

    def _copy(self, source: Path, target: Path) -> None:
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


setup(cmdclass={"build_py": BuildWithContext})
