"""The same work in other words: imports elsewhere, lists for tuples, names in place of defaults, general classes."""

# %% [imports]
import math

from sklearn import metrics

L = keras.layers

# %% [prepare]
def prepare(flowers):
    table = np.asarray(flowers["data"])
    low, high = table.min(0), table.max(0)
    return [((table - low) / (high - low)).astype("float32"), keras.utils.to_categorical(flowers["target"], 3)]

# %% [callbacks]
def make_callbacks(patience):
    stop = keras.callbacks.EarlyStopping(monitor="val_loss", mode="min", patience=np.int64(patience))
    return [keras.callbacks.ReduceLROnPlateau(factor=0.5), stop]

# %% [network]
network = keras.Sequential([keras.Input((784,))])
start = keras.initializers.VarianceScaling(scale=2.0, mode="fan_in", distribution="truncated_normal", seed=1)
network.add(L.Dense(16, kernel_initializer=start, kernel_regularizer=keras.regularizers.L1L2(l2=1e-3)))
network.add(L.ReLU())
network.add(L.Dense(10, "softmax"))

# %% [compile]
def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss=keras.losses.CategoricalCrossentropy())
    return model

network = compile_model(network)

# %% [scores]
f1 = round(float(metrics.f1_score(test_labels, np.argmax(network.predict(X_test, verbose=0), 1), average="macro")), 2)

# %% [heights]
def predict_heights(places):
    return [2 + place - math.pow(place, 3) / 3 for place in places]
