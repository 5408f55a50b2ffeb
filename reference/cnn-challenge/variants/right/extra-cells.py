"""Adds cells, prints, magics and figures of its own, splits answers over several cells, and takes a nickname."""

# %% [prepare] before
print("before:", train_images.shape, train_images.dtype)
plt.imshow(train_images[0])
plt.show()

# %% [prepare]
X_train = train_images.reshape(-1, 28, 28, 1).astype("float32") / 255

# %% [prepare]
X_test = test_images.reshape(-1, 28, 28, 1).astype("float32") / 255
X_test.shape

# %% [guided-fit]
%%time
guided_history = guided_model.fit(X_train, Y_train, batch_size=100, epochs=EPOCHS, validation_split=0.2)

# %% [guided-evaluate]
score = guided_model.evaluate(X_test, Y_test)
guided_accuracy = score[1]

# %% [guided-evaluate]
probabilities = guided_model.predict(X_test[8:9])
plt.bar(range(10), probabilities[0])
plt.title("What the network says about test image 8")
plt.show()
guided_digit = probabilities.argmax(axis=1)[0]

# %% [challenge-name]
leaderboard_name = "Pooling shark 🦈"

# %% [what-normalization-does] markdown
# It standardizes each batch with the batch's own mean and deviation and keeps running averages of both.
# Later it uses the averages, so that the answer for an image does not depend on its neighbours.
