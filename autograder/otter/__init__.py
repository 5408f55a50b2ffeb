"""The plugin for Otter: `autograder.otter.Plugin` grades with our chain, and no student code enters Otter's kernel.

In `otter_config.json`: ``{"plugins": [{"autograder.otter.Plugin": {"assignment": "mlp-digits"}}]}``.
"""

from autograder.otter.otter_plugin import Plugin

__all__ = ["Plugin"]
