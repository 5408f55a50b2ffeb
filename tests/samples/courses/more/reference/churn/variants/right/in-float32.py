"""Keeps all numbers as float32, and scales with a layer of Keras's outside the network."""

# %% [numbers]
rows = np.zeros((960, 9), "float32")
for place, name in enumerate(["months", "price", "minutes", "complaints"]):
    rows[:, place] = table[name]
for place, (name, word) in enumerate([("contract", "monthly"), ("contract", "one year"), ("contract", "two years"),
                                      ("payment", "card"), ("payment", "invoice")]):
    rows[:, 4 + place] = (table[name] == word)
left = np.array([1.0 if answer == "yes" else 0.0 for answer in table["churned"]], "float32")

# %% [scale]
layer = keras.layers.Normalization()
layer.adapt(rows_train)
X_train, X_test = np.array(layer(rows_train)), np.array(layer(rows_test))
