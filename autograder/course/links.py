"""Where students open the notebooks of a course: Colab, a JupyterHub, and the page that explains how."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator, Field, model_validator

from autograder.model import Value

_BADGE = "https://colab.research.google.com/assets/colab-badge.svg"


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment or \
            any(character in url for character in " ()[]<>\"'\\\n"):
        raise ValueError("an address such as https://github.com/OWNER/COURSE")
    return url.rstrip("/").removesuffix(".git")


def _branch(name: str) -> str:
    if not name or quote(name, safe="/") != name or name.startswith(("/", "-")) or ".." in name:
        raise ValueError("the name of a branch, such as main")
    return name


Address = Annotated[str, AfterValidator(_address)]


class Links(Value):
    """Addresses that a release names; without any, its notebook has no such line."""

    repository: Address | None = Field(
        default=None, description="the repository whose folder `release/` students can read; on github.com it gives an "
        "*Open in Colab* badge")
    branch: Annotated[str, AfterValidator(_branch)] = Field(default="main", description="branch with the releases")
    hub: Address | None = Field(
        default=None, description="a JupyterHub with nbgitpuller, to which a link then copies the notebook")
    guide: Address | None = Field(default=None, description="your page for students, such as Your first notebook")

    @model_validator(mode="after")
    def _hub_pulls_something(self) -> Links:
        if self.hub and not self.repository:
            raise ValueError("a hub together with the repository that it copies from")
        return self

    def line(self, assignment: str) -> str:
        """Return one line of Markdown that opens the notebook; empty where no address is set."""
        path = f"release/{assignment}/{assignment}.ipynb"
        found = []
        if self.repository and urlsplit(self.repository).hostname == "github.com":
            place = urlsplit(self.repository).path.strip("/")
            colab = f"https://colab.research.google.com/github/{place}/blob/{self.branch}/{path}"
            found.append(f"[![Open in Colab]({_BADGE})]({colab})")
        if self.repository and self.hub:
            folder = self.repository.rsplit("/", 1)[-1]
            found.append(f"[Open on the course's JupyterHub]({self.hub}/hub/user-redirect/git-pull"
                         f"?repo={quote(self.repository, safe='')}&branch={quote(self.branch, safe='')}"
                         f"&urlpath={quote(f'lab/tree/{folder}/{path}', safe='')})")
        if self.guide:
            found.append(f"[Your first notebook: how to run and hand in]({self.guide})")
        return " · ".join(found)
