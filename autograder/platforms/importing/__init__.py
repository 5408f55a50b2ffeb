"""Assignments of other systems, imported as source notebooks of ours with drafts of their hidden checks."""
