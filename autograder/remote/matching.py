"""Which workers run jobs in exactly the same way as this machine would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from autograder import __version__
from autograder.cluster import Link, Offer
from autograder.cluster.offer import FORMAT
from autograder.errors import ClusterError
from autograder.pipeline.session.pool_protocol import Pool

DEVICE = "device"
"""What a pool's versions call the names of its GPUs."""


class Matching:
    """Compares what workers offer with this machine; thread-safe."""

    def __init__(self, link: Link, device: str, own: Pool) -> None:
        self._link, self._device, self._own = link, device, own
        self._chosen: Offer | None = None

    @property
    def versions(self) -> dict[str, str]:
        """Versions of the libraries, as here, and the names of the workers' GPUs.

        Raises:
            ClusterError: no worker fits.
        """
        return self.runner().versions

    def runner(self) -> Offer:
        """Return an offer to run notebooks: all workers of its kind may be used for the whole batch.

        Raises:
            ClusterError: no worker fits.
        """
        if self._chosen is None:
            fitting = [offer for offer in self._link.offers() if self._fits(offer) and not offer.judge
                       and offer.device == self._device]
            if not fitting:
                raise ClusterError(explain(self._link, self._device, self._like_here()))
            # Several kinds of GPU: one of them, so that all of a class are graded alike.
            most = Counter(offer.kind for offer in fitting).most_common(1)[0][0]
            self._chosen = next(offer for offer in fitting if offer.kind == most)
        return self._chosen

    def judge(self) -> Offer | None:
        """Return an offer to evaluate models; None where no judge has joined."""
        return next((offer for offer in self._link.offers() if offer.judge and self._fits(offer)), None)

    def _like_here(self) -> Offer:
        return Offer(version=__version__, isolation=self._own.isolation.value, versions=self._own.versions)

    def _fits(self, offer: Offer) -> bool:
        return not differences(offer, self._like_here())


def differences(offer: Offer, here: Offer) -> tuple[str, ...]:
    """Return what a worker has otherwise than this machine, each as words like ``keras 3.14 instead of 3.15``."""
    found = []
    if (offer.version, offer.format) != (here.version, FORMAT):
        found.append(f"autograder {offer.version} instead of {here.version}")
    found += [f"{name} {offer.versions.get(name, 'missing')} instead of {version}"
              for name, version in here.versions.items() if offer.versions.get(name) != version]
    extra = offer.versions.keys() - here.versions.keys() - {DEVICE}
    found += [f"{name}, which is missing here" for name in sorted(extra)]
    if offer.isolation != here.isolation:
        found.append(f"isolation {offer.isolation} instead of {here.isolation}")
    return tuple(found)


def explain(link: Link, device: str, here: Offer | None = None) -> str:
    """Return one sentence that says why no worker can be used, and what to do.

    Args:
        here: what workers must have; None: only the version of this package is compared.
    """
    offers = link.offers()
    option = " --gpu 1" if device == "gpu" else ""
    remedy = f"start `autograder worker --scheduler {link.address}{option}` on a machine with the same versions"
    if not offers:
        return f"The scheduler at {link.address} has no workers; {remedy}."
    running = [offer for offer in offers if not offer.judge]
    other = sorted({text for offer in running if offer.device == device for text in
                    (differences(offer, here) if here else _version_only(offer))})
    if other:
        return (f"No worker of {link.address} is like this machine: there is {'; '.join(other)[:400]}; {remedy}.")
    return f"The scheduler at {link.address} has {describe(offers)}, but none for {device}; {remedy}."


def require_workers(link: Link, device: str) -> None:
    """Check that there is a worker for a device, with this version of the package; the rest is known only later.

    Raises:
        ClusterError: there is none.
    """
    if not any(not offer.judge and offer.device == device and not _version_only(offer) for offer in link.offers()):
        raise ClusterError(explain(link, device))


def describe(offers: Iterable[Offer]) -> str:
    """Return how many workers there are, as words: ``4 workers for cpu (8 at a time)``."""
    found: Sequence[Offer] = tuple(offers)
    return ", ".join(
        f"{count} worker{'s' if count > 1 else ''} for {name} "
        f"({sum(offer.slots for offer in found if _resource(offer) == name)} at a time)"
        for name, count in sorted(Counter(map(_resource, found)).items()))


def _version_only(offer: Offer) -> tuple[str, ...]:
    same = (offer.version, offer.format) == (__version__, FORMAT)
    return () if same else (f"autograder {offer.version} instead of {__version__}",)


def _resource(offer: Offer) -> str:
    return offer.resource
