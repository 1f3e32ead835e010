"""Misuses an OCSP responder over TCP while an honest client asks it: HOST PORT REQUEST.

REQUEST is a file with an OCSP request that must be answered. Prints a line for each attack with what became of it,
and ends with 0 when the responder refused all of them and answered every honest request."""
import http.client
import socket
import sys
import threading

HOST, PORT, REQUEST = sys.argv[1], int(sys.argv[2]), open(sys.argv[3], "rb").read()
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/ocsp-request\r\n"


def connect():
    return socket.create_connection((HOST, PORT), timeout=60)


def exchange(octets):
    """The octets of the answer, until the responder closes the connection or has answered."""
    with connect() as connection:
        try:
            connection.sendall(octets)
        except OSError:
            pass
        answer = b""
        try:
            while part := connection.recv(65536):
                answer += part
        except OSError:
            pass
        return answer


def sequence(tag, *parts):
    contents = b"".join(parts)
    count = len(contents)
    if count < 128:
        return bytes([tag, count]) + contents
    octets = count.to_bytes((count.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + contents


def certificates(count):
    """A request about so many certificates."""
    name = sequence(0x30, sequence(0x30, bytes.fromhex("06052b0e03021a0500")), sequence(0x04, bytes(20)),
                    sequence(0x04, bytes(20)), sequence(0x02, b"\x07"))
    return sequence(0x30, sequence(0x30, sequence(0x30, *[sequence(0x30, name)] * count)))


def status_line(answer):
    return answer.split(b"\r\n")[0].decode("latin-1")


def body(answer):
    return answer.partition(b"\r\n\r\n")[2]


def post(octets):
    return exchange(POST + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(octets) + octets)


MALFORMED = bytes.fromhex("30030a0101")
UNAUTHORIZED = bytes.fromhex("30030a0106")

ATTACKS = [
    ("10,000 certificates in one request", lambda: post(certificates(10_000)), "413"),
    ("101 certificates in one request", lambda: post(certificates(101)), MALFORMED),
    ("100 certificates of no authority", lambda: post(certificates(100)), UNAUTHORIZED),
    ("10 MB", lambda: post(bytes(10_000_000)), "413"),
    ("a body that never ends", lambda: exchange(POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"400\r\n" + bytes(1024)
                                                + b"\r\n" + b"400\r\n" + bytes(1024) + b"\r\n" + b"8000\r\n" + bytes(32768)), "413"),
    ("garbage", lambda: exchange(b"\x16\x03\x01" + bytes(300)), "400"),
    ("pipelined garbage", lambda: exchange(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n\x00\x01\x02garbage\r\n\r\n"), "200"),
    ("two lengths", lambda: exchange(POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"), "400"),
    ("a length and chunks", lambda: exchange(POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), "400"),
    ("a head of a megabyte", lambda: exchange(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 1_000_000), "400"),
    ("a path of 60 kB", lambda: exchange(b"GET /M" + b"A" * 60_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"), None),
    ("trailing octets", lambda: post(REQUEST + b"\0"), MALFORMED),
    ("nothing", lambda: post(b""), MALFORMED),
    ("a path outside", lambda: exchange(b"GET /crl/../../../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), "404"),
    ("another method", lambda: exchange(b"DELETE /crl/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), "405"),
]


def honest(failures, stop, answered):
    while not stop.is_set():
        try:
            client = http.client.HTTPConnection(HOST, PORT, timeout=60)
            client.request("POST", "/", REQUEST, {"Content-Type": "application/ocsp-request"})
            answer = client.getresponse()
            octets = answer.read()
            if answer.status != 200 or not octets.startswith(b"\x30\x82"):
                failures.append(f"{answer.status} {octets[:8].hex()}")
            answered.append(1)
            client.close()
        except OSError as error:
            failures.append(str(error))


def main():
    failures, answered, stop = [], [], threading.Event()
    client = threading.Thread(target=honest, args=(failures, stop, answered))
    # Slow clients, which hold their connections for as long as the responder lets them.
    slow = [connect() for _ in range(100)]
    for number, connection in enumerate(slow):
        connection.sendall(b"GET /health/live HT"[: number % 20] or b"P")
    client.start()
    wrong = 0
    for name, attack, expected in ATTACKS:
        answer = attack()
        line = status_line(answer)
        if expected is None:
            good = True
        elif isinstance(expected, str):
            good = f" {expected} " in line + " "
        else:
            good = " 200 " in line and body(answer) == expected
        print(f"{name}: {line or 'closed'} {'' if good else 'WRONG'}")
        wrong += not good
    while len(answered) < 20 and not failures:
        pass
    stop.set()
    client.join()
    for connection in slow:
        connection.close()
    print(f"honest requests: {len(answered)}, failed: {len(failures)} {failures[:3]}")
    return 1 if wrong or failures else 0


sys.exit(main())
