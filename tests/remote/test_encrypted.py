"""A cluster with certificates, as dask has them: members with one work, others are refused."""

from __future__ import annotations

import datetime
import ipaddress
from pathlib import Path

import dask
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from autograder.cluster import Link
from autograder.errors import ClusterError
from autograder.model import Ending
from tests.remote.bed import Bed, job, needs_walls

pytest.importorskip("distributed")  # its settings are there before any of them is changed
ROLES = ("scheduler", "worker", "client")


def certificate(folder: Path, name: str) -> dict[str, str]:
    """Write a certificate that signs itself, and return dask's settings that make its owners members."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    signed = (x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key())
              .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
              .not_valid_after(now + datetime.timedelta(days=1))
              .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
              .add_extension(x509.BasicConstraints(ca=True, path_length=None), True).sign(key, hashes.SHA256()))
    cert, private = folder / f"{name}.pem", folder / f"{name}.key"
    cert.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                          serialization.NoEncryption()))
    settings = {"distributed.comm.tls.ca-file": str(cert)}
    for role in ROLES:
        settings |= {f"distributed.comm.tls.{role}.cert": str(cert), f"distributed.comm.tls.{role}.key": str(private)}
    return settings


@pytest.mark.slow
@needs_walls
def test_members_have_a_certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    members, stranger = certificate(tmp_path, "member"), certificate(tmp_path, "stranger")
    for name, value in {**members, "distributed.comm.default-scheme": "tls"}.items():
        monkeypatch.setenv("DASK_" + name.upper().replace("-", "_").replace(".", "__"), value)
    with dask.config.set(members):
        bed = Bed(tmp_path)
        try:
            assert bed.address.startswith("tls://127.0.0.1:")
            bed.add_workers(1)
            assert bed.pool().run_notebook(job("tell(1)"), tmp_path / "left").ending is Ending.COMPLETED
            with dask.config.set(stranger), pytest.raises(ClusterError, match="nothing there answers as one"):
                Link(bed.address)
            with pytest.raises(ClusterError, match="nothing there answers as one"):
                Link(bed.address.replace("tls://", "tcp://"))
            with dask.config.set({"distributed.comm.tls.ca-file": None}), pytest.raises(
                    ClusterError, match="dask knows no certificates here"):
                Link(bed.address)
        finally:
            bed.close()
