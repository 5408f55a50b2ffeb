"""Writes answers and its own asserts into locked cells, test cells and cells behind the last one.

Gains: code in a place where the student was to have none.
"""
FLAGGED = True

FILE = "raw"

import json


def upload(path, released):
    answers = ("X_train = train_images[:600].reshape(600, 784).astype('float32') / 255\n"
               "X_test = test_images[:300].reshape(300, 784).astype('float32') / 255\n"
               "Y_train = keras.utils.to_categorical(train_labels[:600], 10)\n"
               "Y_test = keras.utils.to_categorical(test_labels[:300], 10)\nparameters = 19090\n")
    for cell in released["cells"]:
        identity = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        if cell["cell_type"] == "code" and (identity == "load" or identity.startswith("test-")):
            cell["source"] = "".join(cell["source"]) + "\n" + (answers if identity == "load" else "print('right')")
    released["cells"].append({"cell_type": "code", "id": "last", "metadata": {}, "outputs": [], "execution_count": None,
                              "source": answers})
    path.write_text(json.dumps(released))
