"""Returns a network that is compiled already, compiles it again, and prints and draws more than required."""

# %% [create-dnn]
def create_DNN(input_shape, num_classes):
    model = keras.Sequential(
        [
            keras.Input(shape=input_shape),
            keras.layers.Dense(400, activation=keras.activations.relu),
            keras.layers.Dense(100, activation=keras.activations.relu),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(num_classes, activation=keras.activations.softmax),
        ]
    )
    model.compile(loss="categorical_crossentropy", optimizer="rmsprop")
    print("built for", input_shape, "and", num_classes, "classes")
    return model


create_DNN((784,), 10).summary()

# %% [train] before
%matplotlib inline
plt.hist(X_train[:100].ravel(), bins=20)
plt.title("pixels after scaling")
plt.show()

# %% [train]
%%time
adam_model = compile_model(keras.optimizers.Adam())
adam_history = adam_model.fit(
    X_train, Y_train, batch_size=64, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=0
)

# %% [evaluate]
score = adam_model.evaluate(X_test, Y_test, batch_size=500)
score

# %% [evaluate]
test_loss = score[0]
test_accuracy = score[1]
