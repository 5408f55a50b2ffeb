"""Puts the columns of words first, as `make_column_transformer` often does."""

LOSES = ["nine-columns"]

# %% [numbers]
columns = [table["contract"] == word for word in ("monthly", "one year", "two years")]
columns += [table["payment"] == word for word in ("card", "invoice")]
columns += [table[name] for name in ("months", "price", "minutes", "complaints")]
rows = np.stack(columns, axis=1).astype("float64")
left = (table["churned"] == "yes").to_numpy().astype("int64")
