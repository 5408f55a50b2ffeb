"""Takes loss, optimizer and metric as objects, and a list of epochs from the history."""

# %% [train]
model.compile(keras.optimizers.Adam(0.001), keras.losses.SparseCategoricalCrossentropy(),
              metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")])
history = model.fit(x=X_train, y=train_labels, epochs=EPOCHS, validation_split=0.1, verbose=0, callbacks=[
    keras.callbacks.ModelCheckpoint(filepath="best.keras", save_best_only=True, monitor="val_accuracy", mode="max")])

# %% [best]
from keras.saving import load_model

best = load_model("best.keras", compile=False)
