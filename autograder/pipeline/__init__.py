"""The verbs of the product: each a short, visible chain of calls over the layers below."""
