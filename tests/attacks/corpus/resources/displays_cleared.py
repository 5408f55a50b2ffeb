"""Gives thousands of displays an id each and clears the output again and again.

Gains: a grader that looks through all display ids at every clearing.
"""

HONEST = []

# %% [reshape]
from IPython.display import clear_output, display

for number in range(5_000):
    display(number, display_id=f"display-{number}")
    clear_output()

# %% [one-hot]
for number in range(4_000):
    display(number, display_id="again")
    clear_output(wait=True)
