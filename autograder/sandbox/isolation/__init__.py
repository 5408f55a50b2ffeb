"""Namespaces, seccomp, Landlock and resource limits that confine a child process."""
