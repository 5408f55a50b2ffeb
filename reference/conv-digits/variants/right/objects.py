"""Gives optimizer, loss and metric as objects, predicts everything and cuts, and types the accuracy of the history."""

# %% [compile]
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=0.001),
    loss=keras.losses.CategoricalCrossentropy(),
    metrics=[keras.metrics.CategoricalAccuracy(name="accuracy")],
)

# %% [accuracy]
test_accuracy = float(f"{history.history['val_accuracy'][-1]:.2f}")

# %% [predict]
predictions = model.predict(X_test)[:4]
first_digits = [int(row.argmax()) for row in predictions]
last_digit = first_digits[3]
