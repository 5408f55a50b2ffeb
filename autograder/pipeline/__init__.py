"""The commands: each a short, visible chain of calls over the layers below."""
