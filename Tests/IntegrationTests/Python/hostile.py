"""A hostile local caller on the raw socket. `hostile.py SOCKET ATTACK [ARGUMENT …]` prints a line of JSON about the answer.

Every attack has its own limits of count and time.
"""

import json
import os
import socket
import sys
import time

PATH, ATTACK, *REST = sys.argv[1:]
AGENT = "hostile"


def connect(timeout=60.0):
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(timeout)
    connection.connect(PATH)
    return connection


def head(target, length, extra=""):
    return (
        f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-amz-json-1.1\r\n"
        f"X-Amz-Target: {target}\r\nContent-Length: {length}\r\n{extra}\r\n"
    )


def answer(connection):
    """Status and body of the next answer; (0, "") when the connection ended before it."""
    data = b""
    try:
        while b"\r\n\r\n" not in data:
            part = connection.recv(65536)
            if not part:
                return 0, ""
            data += part
        top, body = data.split(b"\r\n\r\n", 1)
        lines = top.decode("latin-1").split("\r\n")
        length = next(int(l.split(":")[1]) for l in lines if l.lower().startswith("content-length"))
        while len(body) < length:
            part = connection.recv(65536)
            if not part:
                break
            body += part
        return int(lines[0].split(" ")[1]), body.decode()
    except OSError:
        return 0, ""


def call(target, body, extra=""):
    octets = body.encode() if isinstance(body, str) else body
    with connect() as connection:
        try:
            connection.sendall(head(target, len(octets), extra).encode() + octets)
        except OSError:
            pass
        status, text = answer(connection)
    return {"status": status, "message": json.loads(text).get("message", "") if text else ""}


def ended(connection, most):
    """Seconds until the connection was closed; `most` when it was not."""
    start = time.monotonic()
    connection.settimeout(most)
    try:
        while connection.recv(65536):
            pass
    except TimeoutError:
        return most
    except OSError:
        pass
    return time.monotonic() - start


def closed(connection):
    """Whether the other end has closed it, without waiting."""
    connection.setblocking(False)
    try:
        while True:
            if not connection.recv(65536):
                return True
    except BlockingIOError:
        return False
    except OSError:
        return True


def never_read(count):
    """Pipelines requests until the socket takes no more, and reads nothing."""
    held = []
    for _ in range(count):
        try:
            connection = connect()
            connection.settimeout(0.2)
            held.append(connection)
            for _ in range(10_000):
                connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n" * 100)
        except OSError:
            pass
    return held


def large_answers(count):
    """Requests a large answer, and reads nothing."""
    held = []
    body = '{"MaxResults": 1000, "From": 0}'
    for _ in range(count):
        try:
            connection = connect()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            connection.sendall((head("Signet.ListAuditEvents", len(body)) + body).encode())
            held.append(connection)
        except OSError:
            pass
    return held


def trickle(count):
    """Begins bodies that are refused at once, to be sent an octet at a time."""
    held = []
    for _ in range(count):
        try:
            connection = connect()
            connection.sendall(head("ACMPrivateCA.ListTags", 1_000_000).encode())
            held.append(connection)
        except OSError:
            pass
    return held


def heads(count):
    """Begins heads and continues one octet at a time."""
    held = []
    for _ in range(count):
        try:
            connection = connect()
            connection.sendall(b"POST / HTTP/1.1\r\nX: ")
            held.append(connection)
        except OSError:
            pass
    return held


def hold(make, count, seconds):
    """Holds connections, an octet each every half second on those that take it."""
    held = make(count)
    print(json.dumps({"held": len(held)}), flush=True)
    end = time.monotonic() + seconds
    open_at_end = held
    while time.monotonic() < end:
        time.sleep(0.5)
        rest = []
        for connection in open_at_end:
            if make not in (never_read, large_answers) and closed(connection):
                continue
            try:
                connection.setblocking(False)
                if make not in (never_read, large_answers):
                    connection.send(b"x")
                elif make is never_read:
                    connection.send(b"G")
                rest.append(connection)
            except BlockingIOError:
                rest.append(connection)
            except OSError:
                pass
        open_at_end = rest
    print(json.dumps({"open": len(open_at_end)}), flush=True)


if ATTACK == "call":
    print(json.dumps(call(REST[0], REST[1])))
elif ATTACK == "repeat":
    # The same octet pattern many times, as a member of a request: TARGET MEMBER UNIT COUNT TIMES
    target, member, unit, count, times = REST[0], REST[1], REST[2], int(REST[3]), int(REST[4])
    body = json.dumps({member: "a" + unit.encode().decode("unicode_escape") * count}, ensure_ascii=False)
    for _ in range(times):
        print(json.dumps(call(target, body)))
elif ATTACK == "target":
    print(json.dumps(call(REST[0] + REST[1].encode().decode("unicode_escape") * int(REST[2]), "{}")))
elif ATTACK == "agent":
    agent = "a" + REST[1].encode().decode("unicode_escape") * int(REST[2])
    with connect() as connection:
        octets = head(REST[0], 2, "").replace("\r\n\r\n", "\r\nUser-Agent: ").encode()
        connection.sendall(octets + agent.encode("utf-8") + b"\r\n\r\n{}")
        print(json.dumps({"status": answer(connection)[0]}))
elif ATTACK == "gone":
    # Sends whole requests and closes at once: TARGET BODY COUNT
    for _ in range(int(REST[2])):
        connection = connect()
        connection.sendall(head(REST[0], len(REST[1])).encode() + REST[1].encode())
        connection.close()
    print(json.dumps({"sent": int(REST[2])}))
elif ATTACK == "raw":
    # A head, and then megabytes of octets: HEAD MEGABYTES
    with connect() as connection:
        connection.sendall(REST[0].encode().decode("unicode_escape").encode())
        refused = False
        try:
            for _ in range(int(REST[1])):
                connection.sendall(b"x" * 1_000_000)
        except OSError:
            refused = True
        print(json.dumps({"closed": refused}))
elif ATTACK == "leave":
    # Disconnects in the middle of a body.
    connection = connect()
    connection.sendall(head(REST[0], 1000).encode() + b'{"a": ')
    connection.close()
    # The process runs until it is told to exit, so that the daemon can identify it meanwhile.
    print(json.dumps({"left": True}), flush=True)
    sys.stdin.readline()
elif ATTACK == "slow":
    # Sends the head, prints a line, and sends the body after a line on standard input: TARGET BODY
    connection = connect()
    connection.sendall(head(REST[0], len(REST[1])).encode() + REST[1][:1].encode())
    print(json.dumps({"waits": True}), flush=True)
    sys.stdin.readline()
    connection.sendall(REST[1][1:].encode())
    status, text = answer(connection)
    print(json.dumps({"status": status, "message": json.loads(text).get("message", "") if text else ""}))
elif ATTACK == "hold":
    makes = {"never-read": never_read, "trickle": trickle, "heads": heads, "large-answers": large_answers}
    hold(makes[REST[0]], int(REST[1]), float(REST[2]))
elif ATTACK == "ended":
    # One connection of each kind, and how long it lasted: KIND MOST
    makes = {"trickle": trickle, "heads": heads}
    kind, most = REST[0], float(REST[1])
    if kind == "idle":
        connection = connect()
    else:
        connection = makes[kind](1)[0]
    start = time.monotonic()
    if kind == "idle":
        print(json.dumps({"seconds": ended(connection, most)}))
    else:
        while time.monotonic() - start < most and not closed(connection):
            try:
                connection.send(b"x")
            except OSError:
                break
            time.sleep(0.1)
        print(json.dumps({"seconds": time.monotonic() - start}))
elif ATTACK == "count":
    # How many connections are served at once: COUNT
    held = [connect() for _ in range(int(REST[0]))]
    served, refused = 0, ""
    for connection in held:
        try:
            connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        except OSError:
            pass
        status, text = answer(connection)
        if status == 200:
            served += 1
        elif status == 503:
            refused = json.loads(text)["message"]
    print(json.dumps({"served": served, "refused": refused}))
else:
    raise SystemExit(f"there is no attack {ATTACK}")
