"""Hand-ins of `first-network`."""

from __future__ import annotations

from tests.fairness.editors import (
    duplicate,
    move_section,
    reformat,
    rewrite_sources,
    run_it,
    scratch,
    strip_ids,
    translate,
    written_as_comments,
)
from tests.real.work import Work, hand_ins

hand_in = hand_ins("first-network")


@hand_in
def imports_in_the_locked_cell(work: Work) -> None:
    work.type_into("libraries", """
        from keras.models import Sequential
        from keras.layers import Dense, Input
        from keras.utils import to_categorical
    """)
    work.answer("one-hot", "Y_train = to_categorical(train_labels)\nY_test = to_categorical(test_labels)")
    work.answer("build", """
        model = Sequential()
        model.add(Input((784,)))
        model.add(Dense(10, activation='sigmoid'))
        model.add(Dense(10, activation='softmax'))
        model.summary()
    """)


@hand_in
def copy_in_colab(work: Work) -> None:
    work.own("from google.colab import drive\ndrive.mount('/content/drive')", above="contract")
    work.own("%tensorflow_version 2.x\n!nvidia-smi", above="libraries")
    work.colab("Copy of first-network.ipynb")
    work.edit(strip_ids)


@hand_in
def everything_at_the_end(work: Work) -> None:
    work.gather(on_top=False)


@hand_in
def everything_on_top(work: Work) -> None:
    work.gather(on_top=True)


@hand_in
def lists_instead_of_arrays(work: Work) -> None:
    work.answer("describe", """
        image_axes = len(train_images.shape)
        image_shape = list(train_images.shape)
        pixel_type = train_images.dtype.name
    """)
    work.answer("predict", """
        predictions = model.predict(X_test).tolist()
        predicted_digits = []
        for p in predictions:
            predicted_digits.append(p.index(max(p)))
        digit_11 = predicted_digits[11]
        sum_11 = 0
        for number in predictions[11]:
            sum_11 += number
    """)
    work.answer("confusion", """
        confusion = [[0 for j in range(10)] for i in range(10)]
        for i in range(len(test_labels)):
            confusion[test_labels[i]][predicted_digits[i]] += 1
        right = 0
        for d in range(10):
            right = right + confusion[d][d]
        matrix_accuracy = right / len(test_labels)
    """)
    work.answer("sensitivity", """
        sensitivities = []
        for d in range(10):
            sensitivities.append(confusion[d][d] / sum(confusion[d]))
        hardest_digit = sensitivities.index(min(sensitivities))
    """)


@hand_in
def widget_backend(work: Work) -> None:
    work.answer("look", "%matplotlib widget\n" + work.code("look"))


@hand_in
def tensorboard(work: Work) -> None:
    work.own("%load_ext tensorboard\nimport datetime, os\nlogdir = os.path.join('logs', 'fit')", above="fit")
    work.answer("fit", """
        tensorboard_callback = keras.callbacks.TensorBoard(log_dir=logdir, histogram_freq=1)
        history = model.fit(X_train, Y_train, epochs=5, batch_size=100, callbacks=[tensorboard_callback])
    """)
    work.own("%tensorboard --logdir logs", below="test-fit")


@hand_in
def batches_by_tf_data(work: Work) -> None:
    work.answer("fit", """
        import tensorflow as tf

        batches = tf.data.Dataset.from_tensor_slices((X_train, Y_train)).shuffle(60000).batch(100)
        history = model.fit(batches, epochs=5)
    """)


@hand_in
def saved_and_loaded(work: Work) -> None:
    work.answer("fit", work.code("fit") + "\nmodel.save('my_model.keras')\nprint('saved')")
    work.answer("evaluate", """
        from keras.models import load_model

        model = load_model('my_model.keras')
        test_loss, test_accuracy = model.evaluate(X_test, Y_test)
    """)


@hand_in
def written_answers_as_comments(work: Work) -> None:
    work.edit(written_as_comments, seed=3)
    work.edit(run_it)


@hand_in
def ran_out_of_time(work: Work) -> None:
    work.stop_before("one-hot")
    work.answer("one-hot", "Y_train = keras.utils.to_categorical(train_labels\n# weiter am Montag")


@hand_in
def old_name_of_epochs(work: Work) -> None:
    work.swap("fit", ("epochs=EPOCHS", "nb_epoch=EPOCHS"))


@hand_in
def rate_as_in_the_book(work: Work) -> None:
    work.answer("compile", """
        from keras.optimizers import SGD

        model.compile(loss='categorical_crossentropy', optimizer=SGD(lr=0.01), metrics=['accuracy'])
    """)


@hand_in
def floods_of_prints(work: Work) -> None:
    work.answer("describe", work.code("describe") + "\nfor image in train_images[:1500]:\n    print(image.tolist())")
    work.own("for i in range(50000):\n    print(i, X_train[i].sum())", below="test-scale")


@hand_in
def page_translated_by_the_browser(work: Work) -> None:
    work.edit(translate, run_it)


@hand_in
def another_courses_notebook(work: Work) -> None:
    work.notebook["metadata"] = {}
    work.cells.clear()
    work.own("# Lab 4: logistic regression\nName: ____", kind="markdown")
    work.own("import otter\ngrader = otter.Notebook('lab4.ipynb')\nimport pandas as pd")
    work.own("salaries = pd.DataFrame({'years': [1, 4, 9], 'pay': [31, 40, 66]})\nmean_pay = salaries['pay'].mean()")
    work.own("grader.check('q1')")
    work.own("Pay rises with the years, but three rows prove nothing.", kind="markdown")


@hand_in
def biases_forgotten_and_axes_misread(work: Work) -> None:
    work.answer("count", "hidden_parameters = 784 * 10\noutput_parameters = 10 * 10")
    work.swap("describe", ("train_images.ndim", "train_images.shape[1]"))


@hand_in
def functions_for_everything(work: Work) -> None:
    work.own("""
        def prepare(images):
            rows = images.reshape(len(images), -1)
            return rows

        def scale(rows):
            return rows.astype('float32') / 255.

        def network(inputs, hidden, outputs):
            net = keras.models.Sequential(name='digits')
            net.add(keras.layers.InputLayer(shape=(inputs,)))
            net.add(keras.layers.Dense(hidden, 'sigmoid', name='hidden'))
            net.add(keras.layers.Dense(outputs, 'softmax', name='out'))
            return net
    """, below="libraries")
    work.answer("reshape", "X_train, X_test = prepare(train_images), prepare(test_images)")
    work.answer("scale", "X_train, X_test = [scale(part) for part in (X_train, X_test)]")
    work.answer("build", "model = network(784, 10, 10)\nmodel.summary()")


@hand_in
def test_cells_and_headings_deleted(work: Work) -> None:
    work.drop("test-load", "about-look", "test-reshape", "about-build", "test-fit", "history-table", "test-confusion")
    work.edit(reformat)


@hand_in
def sections_pasted_around(work: Work) -> None:
    work.edit(move_section, duplicate, scratch, rewrite_sources, seed=11)


@hand_in
def figure_left_out_of_the_look(work: Work) -> None:
    work.answer("look", "digit_8 = train_labels[8]\ndigit_8")


@hand_in
def matrix_by_sklearn_turned(work: Work) -> None:
    work.answer("confusion", """
        from sklearn.metrics import confusion_matrix

        confusion = confusion_matrix(predicted_digits, test_labels)
        matrix_accuracy = np.trace(confusion) / np.sum(confusion)
    """)


@hand_in
def tensors_and_pandas(work: Work) -> None:
    work.answer("one-hot", """
        import tensorflow as tf

        Y_train = tf.one_hot(train_labels, 10)
        Y_test = tf.one_hot(test_labels, 10)
    """)
    work.answer("confusion", """
        import pandas as pd

        confusion = pd.crosstab(test_labels, predicted_digits).reindex(
            index=range(10), columns=range(10), fill_value=0)
        matrix_accuracy = (test_labels == predicted_digits).mean()
    """)
    work.answer("sensitivity", """
        table = confusion.to_numpy()
        sensitivities = pd.Series(table.diagonal() / table.sum(axis=1))
        hardest_digit = sensitivities.idxmin()
    """)
