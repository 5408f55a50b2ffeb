"""Fills the folder of records with names that are not UTF-8, hold line ends, markup or are very long.

Gains: a grader that stops over a name, or markup from a name in a page.
"""
FLAGGED = True

# %% [error-rate]
import os

for name in (b"\xff\xfe.npz", b"rows-1\n.npz", b"<img src=x onerror=alert(1)>.npz", b"x" * 250, b"-rf", b"con", b".hidden", b"a\\b",
             "\u202enpz.1-swor".encode(), b"rows--1.npz", b"rows-1e3.npz", b"rows-99999999999999999999.npz", b"%2e%2e", b"~root"):
    with open(b".out/" + name, "wb") as file:
        file.write(b"forged")
