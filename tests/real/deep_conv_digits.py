"""Hand-ins of `deep-conv-digits`."""

from __future__ import annotations

from tests.fairness.editors import retype, run_it, scratch
from tests.real.work import Work, hand_ins

hand_in = hand_ins("deep-conv-digits")


@hand_in
def everything_imported(work: Work) -> None:
    work.type_into("load", "from keras import *\nfrom keras.layers import *\nfrom keras.models import Model")
    work.answer("create-cnn", """
        def create_CNN(input_shape, num_classes):
            inp = Input(shape=input_shape)
            x = Conv2D(10, kernel_size=5, activation='relu')(inp)
            x = MaxPool2D()(x)
            x = Conv2D(20, kernel_size=5, activation='relu')(x)
            x = Dropout(0.5)(x)
            x = MaxPool2D()(x)
            x = Flatten()(x)
            x = Dense(320, activation='relu')(x)
            x = Dropout(0.5)(x)
            return Model(inputs=inp, outputs=Dense(num_classes, activation='softmax')(x))
    """)


@hand_in
def new_axis(work: Work) -> None:
    work.answer("add-channel", """
        def add_channel(images, data_format='channels_last'):
            if data_format == 'channels_last':
                return images[..., np.newaxis]
            else:
                return images[:, np.newaxis]
    """)
    work.answer("reshape", """
        from keras import backend as K

        X_train = add_channel(X_train, K.image_data_format())
        X_test = add_channel(X_test, K.image_data_format())
        input_shape = (28, 28, 1)
    """)


@hand_in
def activations_as_layers(work: Work) -> None:
    work.answer("create-cnn", """
        def create_CNN(input_shape, num_classes):
            L = keras.layers
            model = keras.Sequential([keras.Input(input_shape)])
            for filters in [10, 20]:
                model.add(L.Conv2D(filters, 5))
                model.add(L.ReLU())
                if filters == 20:
                    model.add(L.Dropout(.5))
                model.add(L.MaxPooling2D())
            for layer in [L.Flatten(), L.Dense(320), L.Activation('relu'), L.Dropout(.5),
                          L.Dense(num_classes), L.Softmax()]:
                model.add(layer)
            return model
    """)


@hand_in
def always_last(work: Work) -> None:
    work.answer("add-channel", """
        def add_channel(images, data_format):
            return images.reshape(images.shape[0], images.shape[1], images.shape[2], 1)
    """)


@hand_in
def training_images_misspelt(work: Work) -> None:
    work.answer("scale", """
        X_train = train_images.astype('float32')
        X_test = test_images.astype('float32')
        x_train = X_train / 255
        X_test = X_test / 255
    """)


@hand_in
def all_in_one_cell_on_top(work: Work) -> None:
    work.gather(on_top=True)
    work.edit(run_it)


@hand_in
def most_sure_in_place_of_least(work: Work) -> None:
    work.swap("predict", (".argmin()", ".argmax()"))


@hand_in
def cells_of_another_kind(work: Work) -> None:
    work.edit(retype, scratch, seed=8)


@hand_in
def only_the_functions(work: Work) -> None:
    work.stop_before("train")
    work.answer("train", "cnn_model = compile_model(keras.optimizers.Adam())\ncnn_history = cnn_model.fit(X_train, Y")
