"""Real control groups of version 2 for tests, also where all controllers belong to version 1."""

from __future__ import annotations

import os

from autograder.sandbox.isolation.control_groups import Home, home, own_group


def place_for_groups() -> Home | None:
    """Return where groups can be made here, without any controller where version 2 has none; None: nowhere."""
    found = home()
    folder = own_group()
    if found is None and folder is not None and os.geteuid() == 0 and os.access(folder, os.W_OK):
        return Home(folder, ())
    return found
