"""Adds the noise without cutting, so that pixels are darker than black."""

LOSES = ["noisy-images", "noise-is-cut"]

# %% [noise]
def add_noise(rows, deviation, seed):
    noise = np.random.default_rng(seed).normal(0, deviation, rows.shape)
    return (rows + noise).astype("float32")


noisy_train = add_noise(X_train, NOISE, seed=1)
noisy_test = add_noise(X_test, NOISE, seed=2)
