"""Adds the noise to the given array itself; the notebook's own arrays are safe only because they are copied first."""

LOSES = ["rows-stay"]

# %% [noise]
def add_noise(rows, deviation, seed):
    rows += np.random.default_rng(seed).normal(0, deviation, rows.shape)
    np.clip(rows, 0, 1, out=rows)
    return rows


noisy_train = add_noise(X_train.copy(), NOISE, seed=1)
noisy_test = add_noise(X_test.copy(), NOISE, seed=2)
