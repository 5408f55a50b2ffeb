"""Spreads its answers over several cells, prints and draws more than required, and tries things out in between."""

# %% [read-data] before
import numpy as np

print(open("surface_train.csv").readline())

# %% [first-model]
first_model = build_network([5, 5], "relu")
first_model.summary()

# %% [first-model]
optimizer = keras.optimizers.Adagrad(learning_rate=0.1)
first_model.compile(loss="mse", optimizer=optimizer, metrics=["mae"], steps_per_execution=20)

# %% [first-model]
first_history = first_model.fit(X_train, y_train, batch_size=10, epochs=EPOCHS, validation_split=0.2, verbose=0)
plt.plot(first_history.history["val_loss"])
plt.show()
first_model.evaluate(X_train, y_train)

# %% [diagnose]
diagnosis_a = diagnosis_of_a = "underfitting"
print("B falls apart")
diagnosis_b = "overfitting"

# %% [diagnose]
diagnosis_c = "good fit"

# %% [plot-surface] before
print(grid_heights.min(), grid_heights.max())
