"""Looking at and ending processes, their memory, their files and their user ids."""
