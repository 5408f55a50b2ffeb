"""A service of a JupyterHub: students hand in there and see their results, staff see everybody's.

    request → safeguards → login (hub) → member → received (folder) → watch → overview → page

Nothing here decides about points: uploads are put into a folder that `autograder.watch` collects from, and pages show
what is on disk. What is named here needs nothing beyond the package; modules that need the extra ``serve`` say so.
"""

from autograder.service.handing_in import HandIn, Service, find_service, read_upload
from autograder.service.hub_environment import HubEnvironment, forget_secrets, read_environment

__all__ = ["HandIn", "HubEnvironment", "Service", "find_service", "forget_secrets", "read_environment", "read_upload"]
