"""Draws from a fixed seed, whatever the argument says."""

LOSES = ["noise-by-seed"]

# %% [noise]
def add_noise(rows, deviation, seed):
    noise = np.random.default_rng(0).normal(0, deviation, rows.shape)
    return np.clip(rows + noise, 0, 1).astype("float32")


noisy_train = add_noise(X_train, NOISE, seed=1)
noisy_test = add_noise(X_test, NOISE, seed=2)
