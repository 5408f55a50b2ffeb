"""From a collected submission to its result and its entry in the gradebook."""
