"""Lists the optimizers in another order, and makes the table with pandas-like rows of NumPy numbers."""

# %% [grid]
order = ["Adadelta", "RMSprop", "Adagrad", "SGD", "Adam", "Adamax", "Nadam"]
entries = []
for name in order:
    entries.append(dict(optimizer=name))
param_grid = {"model_kwargs": entries}

# %% [table]
rows = np.stack([mean_scores, score_deviations], axis=1)
table = dict(zip(order, rows))
for name in order:
    print(name, *np.round(table[name], 3))

# %% [best]
best_optimizer = order[int(np.argmax(mean_scores))]
