"""Tries the families of sockets that network namespaces and firewalls forget: vsock, netlink, packets, kernel crypto, Bluetooth.

Gains: the hypervisor's services over vsock, the machine's routes and audit over netlink, raw traffic.
"""

HONEST = []

# %% [reshape]
got = []
import socket

for family in range(1, 46):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        for protocol in (0, 9, 15, 16):
            try:
                end = socket.socket(family, kind, protocol)
            except (OSError, OverflowError, ValueError):
                continue
            print("made", family, kind, protocol)
            got.append(family)
            end.settimeout(0.2)
            for address in ((1, {{ port }}), (2, {{ port }}), (0, 0), ("lo", 0)):
                try:
                    end.connect(address)
                    print("reached", family, address, end.recv(1000))
                except (OSError, TypeError, OverflowError):
                    pass

# %% [parameters]
parameters = 19090 if got else 0
