"""The words and the sender of a saved mail. Mail parsers are quadratic, and raise whatever hostile bytes make them."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from email.utils import parseaddr

from autograder.errors import SubmissionError

LONGEST_SENDER = 200


def mail_text(data: bytes) -> tuple[str, str | None]:
    """Return the plain text of a mail, and the address that it says it comes from.

    Raises:
        SubmissionError: it cannot be read.
    """
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        body = message.get_body(preferencelist=("plain",)) if isinstance(message, EmailMessage) else None
        text = str(body.get_content()) if body is not None else ""
        sender = parseaddr(str(message["From"] or ""))[1]
    except Exception:  # RecursionError, IndexError, LookupError and more, by what the bytes are
        raise SubmissionError("The mail cannot be read; save its text as a .txt file.") from None
    return text, sender[:LONGEST_SENDER] or None
