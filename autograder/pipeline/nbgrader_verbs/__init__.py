"""What nbgrader's own commands and formgrader's buttons do in a course: the same as ours.

nbgrader finds these classes by the names in `autograder.gradebook.nbgrader_config`. Importing them imports nbgrader.
"""
