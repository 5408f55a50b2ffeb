"""From a source notebook to the released student version, with proof."""
