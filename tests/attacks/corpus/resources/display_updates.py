"""Shows one display hundreds of times and updates it 16,000 times, so that each update changes all of them.

Gains: a grader that puts the notebook together for minutes, where updates are written when they come.
"""

HONEST = []

# %% [reshape]
from IPython.display import display, update_display

for number in range(800):
    display(number, display_id="one")
for number in range(16_000):
    update_display(number, display_id="one")
