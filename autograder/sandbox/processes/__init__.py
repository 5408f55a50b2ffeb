"""Inspects and ends processes; measures their memory, manages their files and user ids."""
