"""`autograder build`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from autograder.cli.main import settings

if TYPE_CHECKING:
    from autograder.container.engine import Target
    from autograder.workspace.layout import Workspace


@click.command()
@click.option("--upgrade", is_flag=True,
              help="Choose the newest versions that fit, even if the list is already locked.")
@click.option("--image", "targets", type=click.Choice(["cpu", "gpu"]), multiple=True,
              help="Build this container image with the packages too; may be given twice.")
@click.option("--json", "as_json", is_flag=True,
              help="Print one JSON object: the packages, their versions, what was done.")
@click.pass_context
def build(ctx: click.Context, upgrade: bool, targets: tuple[Target, ...], as_json: bool) -> None:
    """Lock the packages that course.yml requires, and install them for the grader.

    The versions go to reference/requirements.lock, which belongs into the course's repository: every grader then has
    the same ones. Run the command again on each machine that grades, and after a change of `requirements`.
    """
    from autograder.pipeline.lock_packages import build as run
    from autograder.workspace.layout import open_workspace

    chosen = settings(ctx)
    workspace = open_workspace(chosen.course, chosen.output)
    done = run(workspace, upgrade=upgrade)
    if done.locked and done.lock.asked:
        chosen.reporter.note(f"locked {len(done.lock.pins)} packages in "
                             f"{workspace.requirements_lock.relative_to(workspace.root)}")
    for target in targets:
        _image(workspace, target, done.lock.lines)
    if as_json:
        click.echo(json.dumps({"packages": dict(done.lock.pins), "locked": done.locked,
                               "installed": dict(done.installed), "images": list(targets)}))
        return
    if not done.lock.asked:
        click.echo("course.yml requires no packages beyond the grader's own: nothing to install.")
    for name, version in done.lock.pins.items():
        click.echo(f"{name} {version} {'installed' if name in done.installed else 'is there'}")


def _image(workspace: Workspace, target: Target, packages: tuple[str, ...]) -> None:
    from autograder.cli.container import choose_engine
    from autograder.pipeline.containers.graders import image_of
    from autograder.pipeline.containers.run import build as build_image

    build_image(choose_engine(None), target=target, tag=image_of(workspace.course, target), packages=packages)
