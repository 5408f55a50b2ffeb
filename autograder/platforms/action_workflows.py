"""Workflows for GitHub Actions: a thin one for students, and the one of the teacher's private repository.

Every action is pinned to a commit. No expression stands for text that a student wrote, and none is inside a command:
values reach programs through the environment. Student code runs in a job that has no token.
"""

from __future__ import annotations

from typing import Final

CHECKOUT: Final = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"
PYTHON: Final = "actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0"
UPLOAD: Final = "actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0"
DOWNLOAD: Final = "actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1"

STUDENT: Final = """\
# Says at once whether the notebook can be graded. The points come later, as a status at your commit.
name: Hand-in
on: [push]
permissions:
  contents: read
jobs:
  notebook:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - uses: @CHECKOUT@
        with:
          persist-credentials: false
      - name: There is one notebook, and it can be read
        run: python3 -I -c 'import json; json.load(open("@ASSIGNMENT@.ipynb", encoding="utf-8"))["cells"]'
"""
TEACHER: Final = """\
# Grades new hand-ins of the class. This repository is private: it has the hidden checks.
name: Grade @ASSIGNMENT@
on:
  schedule:
    - cron: "7,27,47 * * * *"
  workflow_dispatch:
permissions: {}
concurrency:
  group: grade-@ASSIGNMENT@
  cancel-in-progress: false
jobs:
  fetch:
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    permissions:
      contents: read
    outputs:
      count: ${{ steps.fetch.outputs.count }}
    steps:
      - uses: @CHECKOUT@
        with:
          persist-credentials: false
      - id: fetch
        env:
          AUTOGRADER_TOKEN: ${{ secrets.AUTOGRADER_TOKEN }}
          AUTOGRADER_OWNER: ${{ github.repository_owner }}
          AUTOGRADER_PREFIX: ${{ vars.AUTOGRADER_PREFIX }}
        run: python3 -I hand_ins.py fetch
      - if: steps.fetch.outputs.count != '0'
        uses: @UPLOAD@
        with:
          name: hand-ins
          path: hand-ins
          retention-days: 7
  grade:
    needs: fetch
    if: needs.fetch.outputs.count != '0'
    runs-on: ubuntu-24.04
    timeout-minutes: 350
    permissions:
      contents: read
    steps:
      - uses: @CHECKOUT@
        with:
          persist-credentials: false
      - uses: @PYTHON@
        with:
          python-version: "@VERSION@"
      - uses: @DOWNLOAD@
        with:
          name: hand-ins
          path: hand-ins
      - name: Install the grader, with the versions that the export had
        run: |
          python -m pip install --no-cache-dir -r grader/requirements.txt
          python -m pip install --no-cache-dir --no-deps grader/@WHEEL@
      - name: Let the sandbox use user namespaces
        run: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0
      - run: python -I hand_ins.py grade
      - if: always()
        uses: @UPLOAD@
        with:
          name: results
          path: results
          retention-days: 90
  report:
    needs: [fetch, grade]
    if: always() && needs.fetch.result == 'success' && needs.fetch.outputs.count != '0'
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    permissions:
      contents: read
    steps:
      - uses: @CHECKOUT@
        with:
          persist-credentials: false
      - uses: @DOWNLOAD@
        with:
          name: results
          path: results
      - env:
          AUTOGRADER_TOKEN: ${{ secrets.AUTOGRADER_TOKEN }}
          AUTOGRADER_OWNER: ${{ github.repository_owner }}
        run: python3 -I hand_ins.py report
"""
_ACTIONS: Final = {"CHECKOUT": CHECKOUT, "PYTHON": PYTHON, "UPLOAD": UPLOAD, "DOWNLOAD": DOWNLOAD}


def filled(workflow: str, **values: str) -> str:
    """Return a workflow with its values, which are names of ours and plain words."""
    for name, value in (_ACTIONS | values).items():
        workflow = workflow.replace(f"@{name}@", value)
    return workflow
