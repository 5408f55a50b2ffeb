"""The teacher's side of a class on GitHub: fetch new hand-ins, grade them, report the points.

    python hand_ins.py fetch      repositories of the class → hand-ins/<repository>/
    python hand_ins.py grade      hand-ins/ → results/<repository>.json; needs no token
    python hand_ins.py report     results/ → a status at the student's commit

Environment: AUTOGRADER_TOKEN (fetch, report), AUTOGRADER_OWNER (the organization), AUTOGRADER_PREFIX (what names of the
class's repositories begin with), GITHUB_API_URL. Nothing that a student wrote becomes a part of a command.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

ASSIGNMENT: Final = ""
MOST: Final = 60
"""Hand-ins of one run; the others are in the next one."""
LARGEST: Final = 64 << 20
CONTEXT: Final = "autograder"
HERE: Final = Path(__file__).resolve().parent
_REPOSITORY: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")
_COMMIT: Final = re.compile(r"[0-9a-f]{40,64}")


class Missing(Exception):
    """GitHub has nothing at this address."""


def call(path: str, *, accept: str = "application/vnd.github+json", body: dict[str, Any] | None = None) -> bytes:
    """Return the answer of GitHub's API; redirects are not followed, so the token goes nowhere else."""
    api = urlsplit(os.environ.get("GITHUB_API_URL") or "https://api.github.com")
    local = api.hostname in ("127.0.0.1", "localhost")
    if api.hostname is None or (api.scheme != "https" and not local):
        raise SystemExit("GITHUB_API_URL has to begin with https://")
    kind = http.client.HTTPConnection if api.scheme == "http" else http.client.HTTPSConnection
    connection = kind(api.hostname, api.port, timeout=60)
    headers = {"Authorization": f"Bearer {os.environ['AUTOGRADER_TOKEN']}", "Accept": accept,
               "User-Agent": "autograder", "X-GitHub-Api-Version": "2022-11-28"}
    try:
        connection.request("GET" if body is None else "POST", api.path.rstrip("/") + path, headers=headers,
                           body=None if body is None else json.dumps(body))
        answer = connection.getresponse()
        content = answer.read(LARGEST + 1)
    finally:
        connection.close()
    if answer.status in (404, 409):  # 409: a repository without a commit
        raise Missing(path)
    if not 200 <= answer.status < 300 or len(content) > LARGEST:
        raise RuntimeError(f"{path.split('?')[0]}: GitHub answered {answer.status} with {len(content)} bytes")
    return content


def repositories() -> Iterator[str]:
    """Yield the class's repositories, those that were changed longest ago first."""
    owner = quote(os.environ["AUTOGRADER_OWNER"], safe="")
    for page in range(1, 101):
        found = json.loads(call(f"/orgs/{owner}/repos?per_page=100&sort=pushed&direction=asc&page={page}"))
        for entry in found:
            name = entry.get("name") or ""
            if of_class(name):
                yield name
        if len(found) < 100:
            return


def of_class(name: str) -> bool:
    """Whether this is the name of one of the class's repositories."""
    prefix = os.environ.get("AUTOGRADER_PREFIX") or f"{ASSIGNMENT}-"
    return name.startswith(prefix) and bool(_REPOSITORY.fullmatch(name))


def fetch() -> None:
    """Write the newest notebook of each repository whose newest commit has no points yet."""
    owner = quote(os.environ["AUTOGRADER_OWNER"], safe="")
    me, count = account(), 0
    # In any order: whoever made the own work look new again and again would otherwise keep the others out.
    for name in random.sample(names := list(repositories()), len(names)):
        if count == MOST:
            break
        try:
            count += fetch_one(f"/repos/{owner}/{name}", Path("hand-ins") / name, me)
        except Missing:
            continue
        except (RuntimeError, OSError, ValueError, KeyError) as error:
            say(f"{name}: {error}")
    if output := os.environ.get("GITHUB_OUTPUT"):
        with Path(output).open("a", encoding="utf-8") as stream:
            stream.write(f"count={count}\n")
    say(f"{count} new hand-ins")


def account() -> int:
    """Return the number of the account that the token belongs to."""
    try:
        found: int = json.loads(call("/user"))["id"]
    except (Missing, RuntimeError, ValueError, KeyError) as error:
        raise SystemExit(f"AUTOGRADER_TOKEN has to be a fine-grained token of an account ({error})") from None
    return found


def fetch_one(repository: str, folder: Path, me: int) -> bool:
    """Write one hand-in and return True; False where it has points already.

    Args:
        me: the account of the token. Students can write a status too, and theirs are no points.
    """
    commit = json.loads(call(f"{repository}/commits/HEAD"))["sha"]
    if not _COMMIT.fullmatch(commit):
        raise ValueError("the commit has no proper name")
    if any(one.get("context") == f"{CONTEXT}/{ASSIGNMENT}" and one.get("state") in ("success", "failure")
           and (one.get("creator") or {}).get("id") == me for one in statuses(f"{repository}/commits/{commit}")):
        return False
    try:
        content = call(f"{repository}/contents/{ASSIGNMENT}.ipynb?ref={commit}",
                       accept="application/vnd.github.raw+json")
    except Missing:
        content = None  # graded as a hand-in without a notebook, so that the student sees why
    folder.mkdir(parents=True)
    (folder / "commit.txt").write_text(commit)
    if content is not None:
        (folder / f"{ASSIGNMENT}.ipynb").write_bytes(content)
    return True


def statuses(commit: str) -> Iterator[dict[str, Any]]:
    """Yield what was written about a commit, newest first; GitHub keeps at most a thousand in one context."""
    for page in range(1, 11):
        found = json.loads(call(f"{commit}/statuses?per_page=100&page={page}"))
        yield from found
        if len(found) < 100:
            return


def grade() -> None:
    """Grade every hand-in, each by a call of autograder.py."""
    Path("results").mkdir(exist_ok=True)
    for folder in sorted(Path("hand-ins").iterdir()):
        if _REPOSITORY.fullmatch(folder.name) and (folder / "commit.txt").is_file():
            result = Path("results") / f"{folder.name}.json"
            environment = {**os.environ, "SUBMISSION_TAG": (folder / "commit.txt").read_text()}
            done = subprocess.run([sys.executable, "-I", str(HERE / "autograder.py"), str(folder), f"--result={result}",
                                   f"--log={result.with_suffix('.log')}"], env=environment, check=False)
            say(f"{folder.name}: {'done' if done.returncode == 0 else 'not graded'}")


def report() -> None:
    """Show each student the points at the commit that they were given for."""
    owner = quote(os.environ["AUTOGRADER_OWNER"], safe="")
    for path in sorted(Path("results").glob("*.json")):
        try:
            result = json.loads(path.read_text(encoding="utf-8"))
            if not of_class(path.stem) or not _COMMIT.fullmatch(result["submission"]):
                raise ValueError("the result belongs to no commit")
            call(f"/repos/{owner}/{path.stem}/statuses/{result['submission']}", body=status(result))
        except (Missing, RuntimeError, OSError, ValueError, KeyError, TypeError) as error:
            say(f"{path.stem}: {error}")


def status(result: dict[str, Any]) -> dict[str, str]:
    """Return the status of a commit for a result."""
    if result["graded"] is True:
        waiting = float(result["waiting"])
        text = f"{float(result['score']):g} of {float(result['max-score']):g} points"
        text += f"; {waiting:g} wait for a person" if waiting else ""
        return {"state": "success", "context": f"{CONTEXT}/{ASSIGNMENT}", "description": text}
    said = " ".join(str(result["output"][0]).split())
    return {"state": "failure" if not said.startswith("Not graded yet") else "error",
            "context": f"{CONTEXT}/{ASSIGNMENT}", "description": said[:140]}


def say(text: str) -> None:
    """Write one line to the log; a line is no command to GitHub Actions."""
    sys.stderr.write("  " + "".join(sign if sign.isprintable() else " " for sign in text) + "\n")


if __name__ == "__main__":
    {"fetch": fetch, "grade": grade, "report": report}[sys.argv[1]]()
