"""Adds cells, prints and figures of its own, and splits answers over several cells."""

# %% [prepare] before
print("before:", train_images.shape, train_images.dtype)

# %% [prepare]
X_train = train_images.reshape(-1, 784).astype("float32") / 255

# %% [prepare]
X_test = test_images.reshape(-1, 784).astype("float32") / 255
X_test.shape

# %% [create-network] before
help(SKLearnClassifier)

# %% [table] before
plt.bar(optimizers, mean_scores, yerr=score_deviations)
plt.ylabel("accuracy, mean of four folds")
plt.show()

# %% [mend-adadelta]
Y_train = keras.utils.to_categorical(y_train)

# %% [mend-adadelta]
adadelta_model = create_network(X=X_train, y=Y_train, optimizer=keras.optimizers.Adadelta(learning_rate=1.0))
adadelta_model.summary()

# %% [mend-adadelta]
%%time
adadelta_model.fit(X_train, Y_train, batch_size=BATCH_SIZE, epochs=EPOCHS)

# %% [why-folds] markdown
# It shows how much of a difference is chance, and it leaves the test images out of the choice.
