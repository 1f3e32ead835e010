#!/usr/bin/env python3
"""responder-hostile.py PORT REQUEST SECONDS: an honest relying party of signet-responder while others attack it.

REQUEST is a file with an OCSP request that the responder keeps the response to. The honest client asks 500 times a
second, from an address of its own. Each attack is made twice with the same octets: at a process that reads and drops them,
which is the control, because all share the processors, and at the responder."""

import multiprocessing
import os
import socket
import sys
import time

PORT, REQUEST, SECONDS = int(sys.argv[1]), open(sys.argv[2], "rb").read(), float(sys.argv[3])
RATE = 500
HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/ocsp-request\r\nContent-Length: %d\r\n\r\n"


def sequence(tag, contents):
    count = len(contents)
    size = bytes([count]) if count < 128 else bytes([0x84]) + count.to_bytes(4, "big")
    return bytes([tag]) + size + contents


def certificates(count):
    identifier = bytes.fromhex("300906052b0e03021a0500") + sequence(4, bytes(20)) + sequence(4, bytes(20)) + b"\x02\x01\x07"
    return sequence(0x30, sequence(0x30, sequence(0x30, sequence(0x30, sequence(0x30, identifier)) * count)))


def connect(port, source):
    connection = socket.socket()
    connection.settimeout(5)
    connection.bind((source, 0))
    connection.connect(("127.0.0.1", port))
    return connection


def flood(octets):
    """Sends the octets over and over on new connections, as fast as it can."""

    def attack(port, number, end):
        while time.monotonic() < end:
            try:
                with connect(port, f"127.0.1.{number}") as connection:
                    for _ in range(20):
                        connection.sendall(octets)
                    connection.settimeout(0.05)
                    connection.recv(65536)
            except OSError:
                pass

    return attack


def slow(port, number, end):
    """Opens connections, and sends an octet of a request on each every now and then."""
    connections = []
    while time.monotonic() < end:
        try:
            if len(connections) < 2000:
                connections.append(connect(port, f"127.0.{2 + number}.{len(connections) % 200 + 1}"))
        except OSError:
            time.sleep(0.005)
        for connection in connections[-1:]:
            try:
                connection.send(b"P")
            except OSError:
                connections.remove(connection)


ATTACKS = {
    "slow connections": slow,
    "10,000 certificates": flood(HEAD % len(certificates(10_000)) + certificates(10_000)),
    "10 MB": flood(HEAD % 10_000_000 + bytes(65536)),
    "pipelined garbage": flood(b"GET /MAA= HTTP/1.1\r\nHost: x\r\n\r\n" * 50 + os.urandom(4096)),
    "new certificates": flood(HEAD % len(certificates(100)) + certificates(100)),
}


def drop(listener):
    import selectors

    selector = selectors.DefaultSelector()
    listener.setblocking(False)
    selector.register(listener, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.fileobj is listener:
                connection, _ = listener.accept()
                connection.setblocking(False)
                selector.register(connection, selectors.EVENT_READ)
            else:
                try:
                    if key.fileobj.recv(65536):
                        continue
                except BlockingIOError:
                    continue
                except OSError:
                    pass
                selector.unregister(key.fileobj)
                key.fileobj.close()


def honest(end, results):
    request, answered, slowest, connection = HEAD % len(REQUEST) + REQUEST, 0, [], None
    due = time.monotonic()
    while (now := time.monotonic()) < end:
        if now < due:
            time.sleep(due - now)
        due += 1 / RATE
        begun = time.monotonic()
        try:
            connection = connection or connect(PORT, "127.0.0.9")
            connection.sendall(request)
            if b" 200 " in connection.recv(65536)[:20]:
                answered += 1
            slowest.append(time.monotonic() - begun)
        except OSError:
            connection = None
    slowest.sort()
    results.put((answered, slowest[int(len(slowest) * 0.99)] if slowest else 0))


def measure(attack, port):
    results = multiprocessing.Queue()
    end = time.monotonic() + SECONDS
    processes = [multiprocessing.Process(target=honest, args=(end, results))]
    if attack:
        processes += [multiprocessing.Process(target=attack, args=(port, number + 1, end)) for number in range(4)]
    for process in processes:
        process.start()
    answered, slowest = results.get()
    for process in processes:
        process.join()
    return answered / SECONDS, slowest


listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
sink = multiprocessing.Process(target=drop, args=(listener,), daemon=True)
sink.start()
alone, slowest = measure(None, 0)
print(f"honest, alone            {alone:5.0f}/s   p99 {slowest * 1000:6.1f} ms")
for name, attack in ATTACKS.items():
    print(f"measuring: {name}", file=sys.stderr)
    control, control_slowest = measure(attack, listener.getsockname()[1])
    rate, slowest = measure(attack, PORT)
    print(f"honest, {name:<20} {rate:5.0f}/s   p99 {slowest * 1000:6.1f} ms   {rate / max(control, 1):5.2f} of the control's"
          f" {control:.0f}/s, p99 {control_slowest * 1000:.1f} ms (limit 0.95)")
