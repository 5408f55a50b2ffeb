"""Programs of an exported teacher's repository: they need Python only, and import nothing of this package."""
