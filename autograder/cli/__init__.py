"""The command line: `autograder`."""

from autograder.cli.main import EXIT_CODES, cli, main

__all__ = ["EXIT_CODES", "cli", "main"]
