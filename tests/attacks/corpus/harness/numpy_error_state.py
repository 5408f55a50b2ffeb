"""Lets NumPy raise at every rounding error, print nothing, warn as errors, and use a buffer of sixteen numbers.

Gains: points for arrays that the recorder stumbles over, if what it could not describe were taken as right.
"""

# %% [reshape]
import warnings

warnings.simplefilter("error")
np.seterr(all="raise")
np.seterrcall(lambda *told: 1 / 0)
np.setbufsize(16)
np.set_printoptions(threshold=0, formatter={"all": lambda value: 1 / 0})
X_train = np.full((600, 784), np.finfo("float32").max, "float32")
X_test = np.full((300, 784), np.finfo("float32").tiny, "float32")

# %% [one-hot]
np.seterr(all="call")
Y_train = np.full((600, 10), np.nan)
Y_test = np.full((300, 10), np.inf)
