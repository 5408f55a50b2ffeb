"""Small wheels for tests that install packages, without an index."""

from __future__ import annotations

import zipfile
from pathlib import Path


def make_wheel(folder: Path, name: str, version: str, *, code: str = "", needs: tuple[str, ...] = ()) -> Path:
    """Write a wheel with one module, named like the package with underscores."""
    module = name.replace("-", "_")
    about = f"{module}-{version}.dist-info"
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{module}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{module}.py", code or f"VERSION = {version!r}\n")
        archive.writestr(f"{about}/METADATA", head + "".join(f"Requires-Dist: {one}\n" for one in needs))
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\n"
                                           "Tag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", f"{module}.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n")
    return path


def offline(folder: Path) -> dict[str, str]:
    """Return what pip needs in its environment to see only these wheels."""
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder), "PIP_CONFIG_FILE": "/dev/null",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
