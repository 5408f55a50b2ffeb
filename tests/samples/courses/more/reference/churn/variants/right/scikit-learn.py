"""Uses `get_dummies` and `StandardScaler`, which scales all nine columns."""

# %% [numbers]
words = pd.get_dummies(table[["contract", "payment"]])
rows = pd.concat([table[["months", "price", "minutes", "complaints"]], words], axis=1).to_numpy(dtype="float64")
left = table["churned"].map({"no": 0, "yes": 1}).to_numpy()

# %% [scale]
from sklearn.preprocessing import StandardScaler

scaler = StandardScaler().fit(rows_train)
X_train, X_test = scaler.transform(rows_train), scaler.transform(rows_test)
