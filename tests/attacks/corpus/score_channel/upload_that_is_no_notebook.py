"""Hands in JSON nested a hundred thousand times instead of a notebook.

Gains: a collecting or merging program that runs out of stack and takes the class with it.
"""

FILE = "raw"


def upload(path):
    path.write_text('{"cells": ' + "[" * 100_000 + "]" * 100_000 + ', "nbformat": 4, "nbformat_minor": 5, "metadata": {}}')
