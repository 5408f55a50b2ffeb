"""Splits answers over several cells and adds prints, magics, figures and a look at the labels."""

# %% [load] before
print("loading …")

# %% [load]
training, test = keras.datasets.mnist.load_data()

# %% [load]
train_images, train_labels = training
test_images, test_labels = test
train_images.shape, test_images.shape

# %% [look]
figure, fields = plt.subplots(1, 3)
for field, number in zip(fields, [7, 8, 9]):
    field.imshow(train_images[number], cmap=plt.cm.binary)
    field.set_title(train_labels[number])
plt.show()

# %% [look]
digit_8 = int(train_labels[8])

# %% [one-hot] before
plt.bar(range(10), np.bincount(train_labels))
plt.title("images per digit")
plt.show()

# %% [fit]
%%time
history = model.fit(X_train, Y_train, epochs=5, batch_size=100, verbose=0)

# %% [fit]
plt.plot(history.history["accuracy"])
plt.show()

# %% [mushrooms] markdown
# 97 % are right. Calling a poisonous mushroom edible costs most, and the sensitivity for poisonous shows it: 20 of 50.
