"""A learning platform's services by LTI 1.3: signed requests, tokens, members, columns and scores, without a server."""

from autograder.lti.platform_services import PlatformServices, connect

__all__ = ["PlatformServices", "connect"]
