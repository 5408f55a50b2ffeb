"""Writes 0, 1 and 2 for the contracts in all three columns: the encoder was applied, its columns were not."""

LOSES = ["nine-columns"]

# %% [numbers]
contracts = table["contract"].map({"monthly": 0, "one year": 1, "two years": 2})
columns = [table[name] for name in ("months", "price", "minutes", "complaints")]
columns += [contracts, contracts, contracts]
columns += [table["payment"] == word for word in ("card", "invoice")]
rows = np.stack(columns, axis=1).astype("float64")
left = (table["churned"] == "yes").to_numpy().astype("int64")
