"""A witness (C2SP tlog-witness) without any code of Signet: it cosigns checkpoints that are consistent with those before.

usage: witness.py DIRECTORY. Prints its port and its key. In DIRECTORY it looks for `log.key`, the log's key, and `mode`:
`else` makes it sign a different text.
"""
import base64
import hashlib
import struct
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

directory = Path(sys.argv[1])
name = "witness.example.com/w1"
private = ed25519.Ed25519PrivateKey.generate()
public = private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
key_id = hashlib.sha256(name.encode() + b"\n\x04" + public).digest()[:4]
signed = (0, hashlib.sha256().digest())


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def consistent(old, old_root, size, root, proof):
    """RFC 9162, section 2.1.4.2."""
    if old == 0:
        return not proof
    if old == size:
        return not proof and old_root == root
    if old & (old - 1) == 0:
        proof = [old_root] + proof
    if not proof:
        return False
    fn, sn = old - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = proof[0]
    for step in proof[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            first, second = node(step, first), node(step, second)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = node(second, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and first == old_root and second == root


def add(body):
    global signed
    if not (directory / "log.key").exists():
        return 404, ""
    log, log_id, material = (directory / "log.key").read_text().strip().split("+", 2)
    head, note = body.split("\n\n", 1)
    old, *proof = head.split("\n")
    old = int(old.removeprefix("old "))
    proof = [base64.b64decode(line, validate=True) for line in proof]
    text, signatures = note.split("\n\n", 1)
    text += "\n"
    origin, size, root = text.split("\n")[:3]
    size, root = int(size), base64.b64decode(root)
    if origin != log:
        return 404, ""
    key = serialization.load_der_public_key(base64.b64decode(material)[1:])
    own = [line.split(" ") for line in signatures.splitlines()]
    own = [base64.b64decode(value) for _, signer, value in own if signer == log]
    try:
        (signature,) = [value[4:] for value in own if value[:4].hex() == log_id]
        key.verify(signature, text.encode(), ec.ECDSA(hashes.SHA256()))
    except Exception:
        return 403, ""
    if old > size:
        return 400, ""
    if old != signed[0]:
        return 409, f"{signed[0]}\n"
    if not consistent(old, signed[1], size, root, proof):
        return 422, ""
    signed = (size, root)
    if (directory / "mode").exists():
        text = text.replace(str(size), str(size + 1))
    now = int(time.time())
    signature = private.sign(f"cosignature/v1\ntime {now}\n".encode() + text.encode())
    value = base64.b64encode(key_id + struct.pack(">Q", now) + signature).decode()
    return 200, f"\u2014 {name} {value}\n"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        status, answer = add(body) if self.path == "/add-checkpoint" else (405, "")
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer.encode())))
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, f"{name}+{key_id.hex()}+{base64.b64encode(bytes([4]) + public).decode()}", flush=True)
server.serve_forever()
