"""Grading in containers: one that runs student code, one that judges."""
