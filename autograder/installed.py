"""What a notebook can import on this grader, read from the installation itself."""

from __future__ import annotations

import re
from importlib import metadata, util
from typing import Final

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


def installed() -> dict[str, str]:
    """Return import name → version of the installed ones."""
    found: dict[str, str] = {}
    for package, name in IMPORTED.items():
        for variant in _VARIANTS.get(package, (package,)):
            try:
                found[name] = metadata.version(variant)
                break
            except metadata.PackageNotFoundError:
                continue
    return found


def missing_package(note: str | None) -> str | None:
    """Return a sentence where a cell stopped at a package that the grader does not have; otherwise None.

    Args:
        note: a sentence with the error of a cell.
    """
    missed = _MISSING.search(note or "")
    if missed is None or util.find_spec(missed[1]) is not None:
        return None
    return f"The grader has no package `{missed[1]}`; it has {', '.join(installed())}, and Python's own."
