"""Spreads its answers over several cells, prints and draws more than required, and keeps histories as dictionaries."""

# %% [read-data] before
print(open("iris.csv").read()[:120])

# %% [fit]
iris_history = iris_model.fit(
    flowers, one_hot_kinds, batch_size=32, epochs=EPOCHS, validation_split=0.2, verbose=2
).history

# %% [fit]
plt.plot(iris_history["loss"])
plt.show()
iris_model.evaluate(flowers, one_hot_kinds)

# %% [read-curves]
turning_epoch = recorded["epoch"][np.argmin(recorded["val_loss"])]
print(turning_epoch)

# %% [read-curves]
final_gap = recorded["val_loss"][-1] - recorded["loss"][-1]
diagnosis = "overfitting"
