"""The words and the sender of a saved mail. Mail parsers are quadratic, and raise whatever hostile bytes make them."""

from __future__ import annotations

import email
import email.policy
from email.headerregistry import AddressHeader
from email.message import EmailMessage

from autograder.errors import SubmissionError
from autograder.grades.requests import plain

LONGEST_SENDER = 200


def mail_text(data: bytes) -> tuple[str, str | None]:
    """Return the plain text of a mail, and the address that it says it comes from; see `_sender`.

    Raises:
        SubmissionError: it cannot be read.
    """
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        body = message.get_body(preferencelist=("plain",)) if isinstance(message, EmailMessage) else None
        text = str(body.get_content()) if body is not None else ""
        sender = _sender(message.get_all("From", []))
    except Exception:  # RecursionError, IndexError, LookupError and more, by what the bytes are
        raise SubmissionError("The mail cannot be read; save its text as a .txt file.") from None
    return plain(text), plain(sender)[:LONGEST_SENDER] or None


def _sender(headers: list[object]) -> str:
    """Return the address of a mail with one author, else words that are nobody's address; empty where there is none.

    A mail may name several authors, and a mail server that checks the sender checks only one of them.
    """
    if len(headers) == 1 and isinstance(header := headers[0], AddressHeader) and not getattr(header, "defects", ()):
        groups = header.groups
        if len(groups) == 1 and groups[0].display_name is None and len(groups[0].addresses) == 1:
            return groups[0].addresses[0].addr_spec
    return f"an unclear sender: {' and '.join(' '.join(str(header).split()) for header in headers)}" if headers else ""
