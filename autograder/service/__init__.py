"""A service of a JupyterHub: students hand in there and see their results, staff see everybody's.

    request → safeguards → login (hub) → member → received (folder) → watch → overview → page

Nothing here decides about points: uploads are put into a folder that `autograder.watch` collects from, and pages show
what is on disk. Importing this package needs the extra ``serve`` only where a module of it says so.
"""
