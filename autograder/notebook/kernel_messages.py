"""The messages that a student's process wrote about its cells: untrusted, so what is malformed is left out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

MAX_CONTAINERS: Final = 200_000
"""Most lists and objects in one message: each takes some 60 bytes of memory once it is parsed."""

Message = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Messages:
    """Messages in the order they were written, and how many lines were not valid messages."""

    messages: tuple[Message, ...]
    malformed: int


def parse_messages(data: bytes, limit: int) -> Messages:
    """Return the messages in at most the first ``limit`` bytes of a ``messages.jsonl``; never raises."""
    messages: list[Message] = []
    malformed = 0
    for line in data[:limit].split(b"\n"):
        if not line.strip():
            continue
        if line.count(b"{") + line.count(b"[") > MAX_CONTAINERS:
            malformed += 1
            continue
        try:
            message = json.loads(line.decode("utf-8"), parse_constant=str)
            json.dumps(message, allow_nan=False)
        except (ValueError, RecursionError):
            malformed += 1
            continue
        if is_message(message):
            messages.append(message)
        else:
            malformed += 1
    return Messages(messages=tuple(messages), malformed=malformed)


def is_message(message: Any) -> bool:
    """Whether a line is a message of one of the kinds that are shown."""
    return (
        isinstance(message, dict)
        and type(message.get("cell")) is int
        and message["cell"] >= 0
        and isinstance(message.get("type"), str)
        and isinstance(message.get("content", {}), dict)
    )
