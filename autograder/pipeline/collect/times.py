"""Reads hand-in times, each with its source.

A time without a zone is local time. It is converted to UTC once the assignment is known, with its due date's zone.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

from autograder.model import TimeSource

# Abbreviations with one meaning only; CST and IST have several and are reported as unreadable.
_ZONES: Final = {
    "": None, "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2,
    "EET": 2, "EEST": 3, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "JST": 9,
}
# The first letters of each month in English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish and Polish.
_MONTHS: Final = tuple(re.compile(text) for text in (
    r"jan|ene|gen|sty", r"feb|f[eé]v|lut", r"mar|mär|mrz|mrt|maa", r"apr|avr|abr|kwi", r"may|mai|maj|mei|mag",
    r"jun|juin|giu|cze", r"jul|juil|lug|lip", r"aug|ao[uû]|ago|sie", r"sep|set|wrz", r"oct|okt|ott|out|pa[zź]",
    r"nov|lis", r"dec|dez|d[eé]c|dic|gru",
))
_ISO: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[ _T-](\d\d)[:.-](\d\d)(?:[:.-](\d\d))?(?:[.,](\d{1,9}))?\s*([A-Z]{0,4}|[+-]\d\d:?\d\d)")
_COMPACT: Final = re.compile(r"(\d{4})(\d\d)(\d\d)[T_-]?(\d\d)(\d\d)(\d\d)(\d{3})?(Z?)")
_CLOCK = r"(\d{1,2})[:.h]?(\d\d)(?:[:.]?\d\d)?\s*([AaPp]\.? ?[Mm]\.?)?(?: (?:Uhr|uur|h))?"
_FILLERS: Final = re.compile(r"(?:(?<=[ ,])(?:de|at|à|um|kl\.?|às|alle|om|o)(?= ))", re.IGNORECASE)
_MONTH_FIRST: Final = re.compile(r"([^\W\d]{3,14})\.? (\d{1,2}),? (\d{4}),? " + _CLOCK)
_DAY_FIRST: Final = re.compile(r"(\d{1,2})\.? ([^\W\d]{3,14})\.?,? (\d{4}),? " + _CLOCK)
_DOTTED: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}),? " + _CLOCK)
_YEAR_FIRST: Final = re.compile(
    r"(\d{4})(?:年|년 ?|\. |/)(\d{1,2})(?:月|월 ?|\. |/)(\d{1,2})(?:日|일|\.)?,? ?(上午|午前|오전|下午|午後|오후)? ?"
    r"(\d{1,2})[:時时시] ?(\d\d)(?:[:分분]\d{0,2}[秒초]?)?")
_WINDOWS_EPOCH: Final = datetime(1601, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """A hand-in time and its source; ``moment`` without a zone is local time."""

    moment: datetime
    source: TimeSource

    def utc(self, zone: tzinfo) -> datetime:
        """Return the time in UTC, to the second; ``zone`` is that of the due date."""
        local = self.moment if self.moment.tzinfo is not None else self.moment.replace(tzinfo=zone)
        try:
            return local.astimezone(UTC).replace(microsecond=0)
        except OverflowError:
            return local.replace(tzinfo=UTC, microsecond=0)


def parse_moment(text: str, default: tzinfo | None = None) -> datetime | None:
    """Read a time in one of the formats that learning platforms and nbgrader write.

    Args:
        text: ISO 8601 and similar formats (nbgrader, Blackboard, Gradescope), only digits (Sakai), or words
            (Brightspace: ``Nov 19, 2026 1058 PM``).
        default: the zone of a text that names none.

    Returns:
        None if the text cannot be read; a time without a zone if neither text nor ``default`` gives one.
    """
    text = " ".join(text.split())[:80]
    try:
        found = _iso(text) or _compact(text) or _words(text)
    except (ValueError, OverflowError):
        return None
    return found.replace(tzinfo=default) if found is not None and found.tzinfo is None else found


def _iso(text: str) -> datetime | None:
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute = map(int, match.groups()[:5])
    micro = int((match[7] or "0")[:6].ljust(6, "0"))
    moment = datetime(year, month, day, hour, minute, int(match[6] or 0), micro)
    zone = match[8]
    if zone[:1] in ("+", "-"):
        ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
        return moment.replace(tzinfo=timezone(ahead if zone[0] == "+" else -ahead))
    if zone not in _ZONES:
        return None
    hours = _ZONES[zone]
    return moment if hours is None else moment.replace(tzinfo=timezone(timedelta(hours=hours)))


def _compact(text: str) -> datetime | None:
    match = _COMPACT.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC if match[8] else None)


def _words(text: str) -> datetime | None:
    if match := _YEAR_FIRST.fullmatch(text):
        half = {"上午": "am", "午前": "am", "오전": "am", None: ""}.get(match[4], "pm")
        return datetime(int(match[1]), int(match[2]), int(match[3]), _hour(int(match[5]), half), int(match[6]))
    text = " ".join(_FILLERS.sub(" ", text).split())
    if match := _MONTH_FIRST.fullmatch(text):
        month, day = _month(match[1]), match[2]
    elif match := _DAY_FIRST.fullmatch(text):
        month, day = _month(match[2]), match[1]
    elif match := _DOTTED.fullmatch(text):
        month, day = int(match[2]), match[1]
    else:
        return None
    half = re.sub(r"[. ]", "", match[6] or "").lower()
    return datetime(int(match[3]), month, int(day), _hour(int(match[4]), half), int(match[5]))


def _hour(hour: int, half: str) -> int:
    """Return the hour of a 24-hour clock; ``half`` is ``am``, ``pm`` or empty."""
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if half == "pm" else 0)


def _month(word: str) -> int:
    number = next((number for number, names in enumerate(_MONTHS, start=1) if names.match(word.lower())), None)
    if number is None:
        raise ValueError(word)
    return number


def zip_stamp(date_time: tuple[int, int, int, int, int, int], extra: bytes) -> Stamp | None:
    """Return when a file in a zip was last changed.

    The extra fields of Unix (0x5455) and NTFS (0x000a) contain UTC; the DOS time that every entry has is local time.
    See APPNOTE.TXT of PKWARE, 4.4.6 and 4.5, and Info-ZIP's extrafld.txt.
    """
    moment = _utc_extra(extra)
    if moment is not None:
        return Stamp(moment=moment, source=TimeSource.ZIP_UTC)
    try:
        return Stamp(moment=datetime(*date_time), source=TimeSource.ZIP_LOCAL)
    except ValueError:
        return None


def _utc_extra(extra: bytes) -> datetime | None:
    place = 0
    while place + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, place)
        body = extra[place + 4 : place + 4 + size]
        place += 4 + size
        if len(body) < size:
            return None
        try:
            if kind == 0x5455 and size >= 5 and body[0] & 1:
                return datetime.fromtimestamp(struct.unpack_from("<i", body, 1)[0], UTC)
            if kind == 0x000A and size >= 32 and struct.unpack_from("<HH", body, 4) == (1, 24):
                (ticks,) = struct.unpack_from("<Q", body, 8)
                return _WINDOWS_EPOCH + timedelta(microseconds=ticks // 10)
        except (OverflowError, OSError, ValueError):
            return None
    return None
