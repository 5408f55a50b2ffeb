"""One unit less, which the accuracy need not show."""

LOSES = ["fit-layers"]

# %% [fit]
model = keras.Sequential(
    [keras.Input(shape=(784,)), keras.layers.Dense(31, activation="relu"), keras.layers.Dense(10, activation="softmax")]
)
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
history = model.fit(X_train, Y_train, batch_size=32, epochs=2, verbose=0)
