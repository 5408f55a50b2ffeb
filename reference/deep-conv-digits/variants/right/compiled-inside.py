"""Returns a network that is compiled already, compiles it again, and prints and draws more than required."""

# %% [create-cnn]
def create_CNN(input_shape, num_classes):
    model = keras.Sequential(
        [
            keras.Input(shape=input_shape),
            keras.layers.Conv2D(10, (5, 5), activation=keras.activations.relu),
            keras.layers.MaxPooling2D((2, 2)),
            keras.layers.Conv2D(20, (5, 5), activation=keras.activations.relu),
            keras.layers.Dropout(0.5),
            keras.layers.MaxPooling2D((2, 2)),
            keras.layers.Flatten(),
            keras.layers.Dense(320, activation=keras.activations.relu),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(num_classes, activation=keras.activations.softmax),
        ]
    )
    model.compile(loss="categorical_crossentropy", optimizer="rmsprop")
    print("built for", input_shape, "and", num_classes, "classes")
    return model


create_CNN(input_shape, 10).summary()

# %% [train] before
%matplotlib inline
plt.imshow(X_train[0, :, :, 0], cmap="gray")
plt.title("after scaling")
plt.show()

# %% [train]
%%time
cnn_model = compile_model(keras.optimizers.Adam())
cnn_history = cnn_model.fit(
    X_train, Y_train, batch_size=64, epochs=EPOCHS, validation_data=(X_test, Y_test), verbose=0
)

# %% [evaluate]
score = cnn_model.evaluate(X_test, Y_test, batch_size=500)
score

# %% [evaluate]
test_loss = score[0]
test_accuracy = score[1]
