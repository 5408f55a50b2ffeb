"""Gives optimizer, loss and metric as objects, calls the metric `acc`, and keeps the histories as dicts."""

# %% [guided-compile]
guided_model.compile(
    optimizer=keras.optimizers.Adagrad(0.01),
    loss=keras.losses.CategoricalCrossentropy(),
    metrics=[keras.metrics.CategoricalAccuracy(name="acc")],
)

# %% [guided-fit]
guided_history = guided_model.fit(X_train, Y_train, 100, EPOCHS, verbose=0, validation_split=1 / 5).history

# %% [curves]
figure, (left, right) = plt.subplots(1, 2)
left.plot(guided_history["acc"], label="acc")
left.plot(guided_history["val_acc"], label="val_acc")
right.plot(guided_history["loss"], label="loss")
right.plot(guided_history["val_loss"], label="val_loss")
for axes in (left, right):
    axes.set(xlabel="epoch", ylabel="value")
    axes.legend()
plt.show()

# %% [guided-evaluate]
result = guided_model.evaluate(X_test, Y_test, batch_size=500, return_dict=True, verbose=0)
guided_accuracy = round(result["acc"], 2)
guided_digit = np.argmax(guided_model(X_test[8:9]), axis=-1)
