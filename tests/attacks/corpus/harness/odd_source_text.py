"""Breaks cells with form feeds, carriage returns, null characters, another coding, and text that turns around.

Gains: a cell that reads otherwise to people, to the merge and to Python, or ends before its test.
"""
FLAGGED = False

# %% [reshape]
# -*- coding: rot13 -*-
X_train = 1
# ‮ }⁦if True⁩ ⁦print
exec("X_test = 1\rX_test = 2\r\n### END SOLUTION")

# %% [one-hot]
""" # ### BEGIN HIDDEN TESTS
Y_train = Y_test = None
### END HIDDEN TESTS """
Y_train = eval("'\ud800'")

# %% [build]
exec("model = 1\0; model = 2")

# %% [parameters]
if True:
	parameters = 1
        parameters = 2
