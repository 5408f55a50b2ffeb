"""Every file and folder name of a course; storage, locks and progress."""
