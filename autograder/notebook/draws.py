"""The numbers of one student: drawn from stated ranges by a keyed hash of the student's id, so nothing is stored.

The same secret, assignment and id give the same numbers on every machine. Without the secret nobody can say which
numbers another student has, or find an id that has certain ones.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence

from autograder.notebook.sizes import Size

CODE = re.compile(r"[A-Z2-7]{4}-[A-Z2-7]{4}")
"""The form of a code that says whose copy of a notebook this was."""


def draw_sizes(secret: str, assignment: str, student: str, ranges: Mapping[str, Sequence[Size]]) -> dict[str, Size]:
    """Return one number from each range, in the order of the ranges.

    Each name is drawn by itself: another range that is added or removed changes no other number. Capitals in the
    student's id do not matter, as in the class list.

    Args:
        ranges: name → the numbers to choose from, all equally likely; at least one each.
    """
    return {name: numbers[_keyed(secret, "draw", assignment, student, name) % len(numbers)]
            for name, numbers in ranges.items()}


def variant_code(secret: str, assignment: str, student: str) -> str:
    """Return the code of a student's copy, such as ``K7QD-2MNB``: it tells staff whose copy a file was made from."""
    number = _keyed(secret, "code", assignment, student).to_bytes(32, "big")
    text = base64.b32encode(number[:5]).decode()
    return f"{text[:4]}-{text[4:]}"


def secret_fingerprint(secret: str) -> str:
    """Return 16 hex digits by which a changed secret is noticed; the secret itself does not follow from them."""
    return hashlib.sha256(b"autograder variants\0" + secret.encode()).hexdigest()[:16]


def _keyed(secret: str, purpose: str, assignment: str, student: str, name: str = "") -> int:
    """Return 256 bits that look random to everyone without the secret; no part may contain a zero byte."""
    text = "\0".join((purpose, assignment, student.casefold(), name))
    # A number this large is as good as uniform over any range: it differs by less than 1 in 2**240.
    return int.from_bytes(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest(), "big")
