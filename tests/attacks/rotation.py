"""Which part of the attacks a run takes that has no time for all of them: every commit takes another one."""

from __future__ import annotations

import subprocess

from tests.attacks.attack import ROOT


def commit() -> str:
    """Return the commit of this checkout, empty where there is none."""
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, text=True, capture_output=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def turn(parts: int, *, after: int = 1) -> int:
    """Return the number of the part whose turn it is, from 0; without git always the first.

    Args:
        after: in how many parts something else is divided that takes turns too: both go through all pairs.
    """
    return int(commit() or "0", 16) // max(after, 1) % max(parts, 1)
