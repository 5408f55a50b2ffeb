"""Repairs small defects of notebooks: missing ids, outputs or metadata, sources as lists, version 3 cells."""

from __future__ import annotations

import re
from typing import Any

_CELL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def normalize(document: dict[str, Any], cells: list[dict[str, Any]]) -> dict[str, Any]:
    """Return nbformat 4.5 JSON made of ``cells`` (of version 3 or 4) and the document's metadata."""
    metadata = document.get("metadata")
    taken: set[str] = set()
    return {
        "cells": [_cell(cell, index, taken) for index, cell in enumerate(cells)],
        "metadata": dict(metadata) if isinstance(metadata, dict) else {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _cell(cell: dict[str, Any], index: int, taken: set[str]) -> dict[str, Any]:
    kind, text = cell.get("cell_type"), joined(cell.get("source", cell.get("input", "")))
    if kind == "heading":
        level = cell.get("level")
        kind, text = "markdown", "#" * (level if isinstance(level, int) and 1 <= level <= 6 else 1) + " " + text
    if kind == "html":
        kind = "markdown"
    if kind not in ("code", "markdown"):
        kind = "raw"
    metadata = cell.get("metadata")
    result: dict[str, Any] = {
        "cell_type": kind,
        "id": _free_id(cell.get("id"), index, taken),
        "metadata": dict(metadata) if isinstance(metadata, dict) else {},
        "source": text,
    }
    if kind == "code":
        outputs = cell.get("outputs")
        outputs = outputs if isinstance(outputs, list) else []
        result["execution_count"] = _count(cell.get("execution_count", cell.get("prompt_number")))
        result["outputs"] = [repaired for item in outputs if (repaired := _output(item))]
    elif attachments := _attachments(cell.get("attachments")):
        result["attachments"] = attachments
    return result


def joined(text: Any) -> str:
    """Return text that is stored as one string or as a list of lines, with line ends of one kind."""
    if isinstance(text, list):
        text = "".join(part for part in text if isinstance(part, str))
    return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else ""


def _free_id(found: Any, index: int, taken: set[str]) -> str:
    name = found if isinstance(found, str) and _CELL_ID.fullmatch(found) and found not in taken else f"unnamed-{index}"
    while name in taken:
        name += "x"
    taken.add(name)
    return name


def _count(found: Any) -> int | None:
    return found if isinstance(found, int) and not isinstance(found, bool) and found >= 0 else None


def _attachments(found: Any) -> dict[str, dict[str, Any]]:
    bundles = found.items() if isinstance(found, dict) else ()
    return {name: _bundle(bundle) for name, bundle in bundles if isinstance(bundle, dict) and _bundle(bundle)}


def _bundle(found: dict[str, Any]) -> dict[str, Any]:
    """Return what the format allows: text by media type, and anything where the type is JSON."""
    return {kind: value if kind.endswith("json") else joined(value) for kind, value in found.items()
            if kind.endswith("json") or isinstance(value, str | list)}


def _output(output: Any) -> dict[str, Any] | None:
    """Return a valid version 4 output; others (also all of version 3) are dropped, since all cells run again."""
    if not isinstance(output, dict):
        return None
    match output.get("output_type"):
        case "stream" if output.get("name") in ("stdout", "stderr"):
            return {"output_type": "stream", "name": output["name"], "text": joined(output.get("text"))}
        case "error":
            traceback = output.get("traceback")
            lines = [line for line in traceback if isinstance(line, str)] if isinstance(traceback, list) else []
            name, value = str(output.get("ename", "")), str(output.get("evalue", ""))
            return {"output_type": "error", "ename": name, "evalue": value, "traceback": lines}
        case "display_data" | "execute_result" as kind:
            data, metadata = output.get("data"), output.get("metadata")
            if not isinstance(data, dict):
                return None
            metadata = metadata if isinstance(metadata, dict) else {}
            result = {"output_type": kind, "data": _bundle(data), "metadata": metadata}
            if kind == "execute_result":
                result["execution_count"] = _count(output.get("execution_count"))
            return result
    return None
