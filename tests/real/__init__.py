"""Notebooks in the manner of what students hand in, each with the points that a person gives.

A module per assignment makes the notebooks from the solution; ``tables/<assignment>.md`` says what was handed in, the
person's points by task, and why. `python -m tests.real` (`make fairness`) grades all of them and prints where the
grader and the person differ.
"""
