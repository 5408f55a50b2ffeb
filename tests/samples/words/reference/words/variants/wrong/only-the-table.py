"""Returns the measurements alone."""

LOSES = ["prepared-table", "prepared-kinds", "prepared-dict"]

# %% [prepare]
def prepare(flowers):
    table = flowers["data"]
    return (table - table.min(axis=0)) / (table.max(axis=0) - table.min(axis=0))
