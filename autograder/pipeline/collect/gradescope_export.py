"""Gradescope's list of an export: read event by event, so that neither its size nor its content can do harm.

The list also contains every student's results. They are skipped without building objects, and so are aliases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import yaml

from autograder.errors import SubmissionError
from autograder.model import TimeSource
from autograder.pipeline.collect.claims import EXCHANGE_ZONE, Claim
from autograder.pipeline.collect.entries import shown

METADATA_NAMES: Final = ("submission_metadata.yml", "metadata.yml", "submission_metadata.yaml", "metadata.yaml")
MAX_METADATA: Final = 64 * 2**20
MAX_SUBMITTERS: Final = 50
_FOLDER: Final = re.compile(r"submission_[0-9]+", re.IGNORECASE)
_MAX_DEPTH: Final = 100
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def is_submission(folder: str) -> bool:
    """Whether a folder's name is one that Gradescope gives to a submission."""
    return _FOLDER.fullmatch(folder) is not None


def read_metadata(data: bytes, name: str) -> dict[str, tuple[Claim, ...]]:
    """Return the claims of each submission, by the name of its folder: one per submitter.

    Raises:
        SubmissionError: the bytes are not such a list.
    """
    try:
        return dict(_submissions(_events(data)))
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, StopIteration, RuntimeError) as error:
        what = " ".join(str(error).split())[:120]
        sentence = f"{shown(name)} is not a list of Gradescope submissions ({what}): export them again."
        raise SubmissionError(sentence) from None


def _events(data: bytes) -> Iterator[Any]:
    depth = 0
    for event in yaml.parse(data, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _MAX_DEPTH:
                raise ValueError(f"it is nested more than {_MAX_DEPTH} deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if not isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
            yield event


def _submissions(events: Iterator[Any]) -> Iterator[tuple[str, tuple[Claim, ...]]]:
    for folder, first in _pairs(events, next(events)):
        people: list[dict[str, str]] = []
        created = ""
        for key, value in _pairs(events, first):
            if key == "submitters":
                people = list(_people(events, value))
            elif key == "created_at" and isinstance(value, yaml.ScalarEvent):
                created = str(value.value)
            else:
                _skip(events, value)
        yield folder.casefold(), tuple(_claim(person, created) for person in people)


def _claim(person: dict[str, str], created: str) -> Claim:
    keys = tuple(dict.fromkeys(value for value in (person.get("sid"), person.get("email")) if value))
    return Claim(layout="Gradescope", system="gradescope", keys=keys, name=person.get("name", ""),
                 email=person.get("email", ""), time=created, zone=EXCHANGE_ZONE, time_source=TimeSource.METADATA,
                 problem=None if keys else "has neither a student's id nor an address in Gradescope's list")


def _people(events: Iterator[Any], first: Any) -> Iterator[dict[str, str]]:
    if not isinstance(first, yaml.SequenceStartEvent):
        _skip(events, first)
        return
    count = 0
    while not isinstance(item := next(events), yaml.SequenceEndEvent):
        person = {}
        for key, value in _pairs(events, item):
            if isinstance(value, yaml.ScalarEvent):
                person[key] = str(value.value)
            else:
                _skip(events, value)
        count += 1
        if count > MAX_SUBMITTERS:
            raise ValueError(f"a submission has more than {MAX_SUBMITTERS} submitters")
        yield person


def _pairs(events: Iterator[Any], first: Any) -> Iterator[tuple[str, Any]]:
    """Yield keys, without Ruby's colon, and the first event of each value, which the caller reads to its end."""
    if not isinstance(first, yaml.MappingStartEvent):
        _skip(events, first)
        return
    while not isinstance(key := next(events), yaml.MappingEndEvent):
        if isinstance(key, yaml.ScalarEvent):
            yield str(key.value).removeprefix(":"), next(events)
        else:
            _skip(events, key)
            _skip(events, next(events))


def _skip(events: Iterator[Any], first: Any) -> None:
    depth = isinstance(first, yaml.CollectionStartEvent)
    count = int(depth)
    while count:
        event = next(events)
        count += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
