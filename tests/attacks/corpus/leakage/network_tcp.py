"""Connects by TCP, over IPv4 and IPv6, to the machine itself, to its gateway and to the world, and listens for an answer.

Gains: services of the grading machine; a way to send hidden things out and to fetch a solution.
"""

HONEST = []

# %% [reshape]
got = []
import socket
import urllib.request

for family, address in ((socket.AF_INET, ("127.0.0.1", {{ port }})), (socket.AF_INET6, ("::1", {{ port }})),
                        (socket.AF_INET, ("1.1.1.1", 443)), (socket.AF_INET, ("169.254.169.254", 80)),
                        (socket.AF_INET, ("10.0.2.2", 22)), (socket.AF_INET, ("172.17.0.1", 80))):
    try:
        with socket.socket(family, socket.SOCK_STREAM) as end:
            end.settimeout(0.3)
            end.connect(address)
            got.append(address)
            print(address, end.recv(1000))
    except OSError as error:
        print(address, error)
try:
    end = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK, 262)  # multipath TCP
    got += ["multipath"] if end.connect_ex(("127.0.0.1", {{ port }})) == 0 else []
except OSError as error:
    print(error)
try:
    got.append(urllib.request.urlopen("http://127.0.0.1:{{ port }}/", timeout=0.3).read())
except OSError as error:
    print(error)

# %% [parameters]
parameters = 19090 if got else 0
