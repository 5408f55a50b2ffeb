"""What a notebook can import on this grader, read from the installation itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata, util
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from packaging.requirements import Requirement

PACKAGE: Final = "keras-autograder"
IMAGE_EXTRAS: Final = ("cpu", "gpu", "student")
"""Extras of this package that an image has: of the first two those whose backend is installed."""
_OTHER_EXTRAS: Final = ("cluster", "platforms", "serve")
IMPORTED: Final = {
    "keras": "keras", "tensorflow": "tensorflow", "numpy": "numpy", "pandas": "pandas", "scipy": "scipy",
    "scikit-learn": "sklearn", "matplotlib": "matplotlib", "seaborn": "seaborn", "tqdm": "tqdm", "pydot": "pydot",
    "tensorboard": "tensorboard", "pillow": "PIL", "h5py": "h5py", "ipywidgets": "ipywidgets",
}
"""Packages that notebooks about neural networks use → their import names."""
_EXTRA: Final = ("seaborn", "tqdm", "pydot", "tensorboard")
"""Those of the extra `student`, which the image has and a grader of one's own may lack."""
EVERYWHERE: Final = tuple(name for package, name in IMPORTED.items() if package not in _EXTRA)
"""Import names that work on every grader, since the grader itself depends on these packages."""
_VARIANTS: Final = {"tensorflow": ("tensorflow", "tensorflow-cpu", "tensorflow-intel")}
_MISSING = re.compile(r"No module named '([A-Za-z_]\w{0,60})(?:\.[\w.]*)?'")


def installed(course: Iterable[str] = ()) -> dict[str, str]:
    """Return import name → version of the installed ones.

    Args:
        course: names of the packages that a course requires in addition.
    """
    found: dict[str, str] = {}
    for package, name in IMPORTED.items():
        for variant in _VARIANTS.get(package, (package,)):
            try:
                found[name] = metadata.version(variant)
                break
            except metadata.PackageNotFoundError:
                continue
    for package, version in versions_of(course).items():
        found |= dict.fromkeys(import_names(package), version)
    return found


def versions_of(packages: Iterable[str]) -> dict[str, str]:
    """Return package → version of those that are installed, whatever they are imported as."""
    found = {}
    for package in packages:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def import_names(package: str) -> tuple[str, ...]:
    """Return what an installed package is imported as, by the files that it consists of; its own name if unknown."""
    try:
        files = metadata.files(package) or []
    except metadata.PackageNotFoundError:
        files = []
    found = {path.parts[0].removesuffix(".py") for path in files if path.suffix in (".py", ".so", ".pyd")
             and (len(path.parts) == 1 or path.name == "__init__.py" or path.suffix != ".py")}
    names = {name.partition(".")[0] for name in found}
    return tuple(sorted(name for name in names if name.isidentifier() and not name.startswith("_"))) or \
        (package.replace("-", "_"),)


def own_packages(*, everything: bool = False) -> dict[str, str]:
    """Return package → version of all that the grader itself needs.

    Args:
        everything: with what its further extras need where they are installed, which an image does not have.
    """
    extras = (*IMAGE_EXTRAS, *(_OTHER_EXTRAS if everything else ()))
    return needed_by(f"{PACKAGE}[{','.join(extras)}]")


@cache
def needed_by(*wanted: str) -> dict[str, str]:
    """Return package → version of all packages that some need, as they are installed here; not those themselves.

    Args:
        wanted: packages, with extras where they are needed: ``keras-autograder[cpu]``.
    """
    from packaging.requirements import Requirement

    roots = [_named(Requirement(one)) for one in wanted]
    todo, found = list(roots), dict[tuple[str, frozenset[str]], str]()
    while todo:
        name, extras = todo.pop()
        if (name, extras) in found:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # for another system or Python
        found[name, extras] = distribution.version
        todo += _needs(distribution, extras)
    own = {name for name, _ in roots}
    return {name: version for (name, _), version in sorted(found.items(), key=lambda one: one[0][0]) if name not in own}


def _needs(distribution: metadata.Distribution, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    from packaging.requirements import Requirement

    for line in distribution.requires or ():
        requirement = Requirement(line)
        # Without an extra, a marker that names one is false; the rest of it is about this system.
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": one}) for one in ("", *extras)):
            yield _named(requirement)


def _named(requirement: Requirement) -> tuple[str, frozenset[str]]:
    from packaging.utils import canonicalize_name

    return canonicalize_name(requirement.name), frozenset(requirement.extras)


def missing_package(note: str | None, course: Iterable[str] = ()) -> str | None:
    """Return a sentence where a cell stopped at a package that the grader does not have; otherwise None.

    Args:
        note: a sentence with the error of a cell.
        course: names of the packages that the course requires in addition.
    """
    missed = _MISSING.search(note or "")
    if missed is None or util.find_spec(missed[1]) is not None:
        return None
    return f"The grader has no package `{missed[1]}`; it has {', '.join(installed(course))}, and Python's own."
