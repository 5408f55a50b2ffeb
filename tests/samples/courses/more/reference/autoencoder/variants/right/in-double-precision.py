"""Divides without a cast, and keeps all arrays as float64."""

# %% [prepare]
X_train = train_images.reshape((-1, 28 * 28)) / 255.0
X_test = test_images.reshape((-1, 28 * 28)) / 255.0

# %% [noise]
def add_noise(rows, deviation, seed):
    return np.minimum(np.maximum(rows + deviation * np.random.default_rng(seed).standard_normal(rows.shape), 0.0), 1.0)


noisy_train, noisy_test = add_noise(X_train, NOISE, 10), add_noise(X_test, NOISE, 20)
