"""Draws the noise with NumPy's earlier generator, on a copy."""

# %% [noise]
def add_noise(rows, deviation, seed):
    np.random.seed(seed)
    damaged = np.array(rows, dtype="float32")
    damaged += np.random.normal(loc=0.0, scale=deviation, size=damaged.shape)
    damaged[damaged < 0] = 0
    damaged[damaged > 1] = 1
    return damaged


noisy_train = add_noise(X_train, NOISE, 5)
noisy_test = add_noise(X_test, NOISE, 6)
