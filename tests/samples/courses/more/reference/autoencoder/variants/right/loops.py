"""Computes the errors row by row, and draws nine subplots one by one."""

# %% [errors]
def row_errors(restored, clean):
    return [float(np.mean(np.square(one - other))) for one, other in zip(restored, clean)]

# %% [score]
test_error = np.mean(row_errors(autoencoder.predict(noisy_test, verbose=0), X_test))

# %% [picture]
answers = autoencoder.predict(noisy_test[:3], verbose=0)
plt.figure(figsize=(6, 6))
for number in range(3):
    for column, (title, image) in enumerate([("noisy", noisy_test[number]), ("restored", answers[number]),
                                             ("clean", X_test[number])]):
        plt.subplot(3, 3, 3 * number + column + 1)
        plt.imshow(image.reshape(28, 28))
        plt.title(title)
plt.show()
