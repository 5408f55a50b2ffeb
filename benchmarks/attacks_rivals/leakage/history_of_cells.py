"""Prints the shell's history of inputs in the answer cell behind a hidden test.

Against: nbgrader. Form of: frames_of_callers.

Gains: the source of each hidden test that has run, before the next answer is given.
"""

# %% [error-rate]
for text in get_ipython().user_ns["In"]:
    print(text)
