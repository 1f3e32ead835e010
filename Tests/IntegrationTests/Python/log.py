"""Reads a log as C2SP tlog-tiles, tlog-checkpoint, signed-note and tlog-proof describe it, without any code of Signet.

log.py tree DIRECTORY KEY         every tile and the root match the entries, and the checkpoint is signed by KEY
log.py proof FILE KEY             FILE.event is in the log by FILE.proof
"""

import base64
import hashlib
import struct
import sys
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def leaf(data):
    return hashlib.sha256(b"\0" + data).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root(hashes_):
    """MTH of RFC 6962, section 2.1."""
    if not hashes_:
        return hashlib.sha256(b"").digest()
    if len(hashes_) == 1:
        return hashes_[0]
    k = 1
    while k * 2 < len(hashes_):
        k *= 2
    return node(root(hashes_[:k]), root(hashes_[k:]))


def checkpoint(note, key):
    """Verifies a signed note and returns size and root."""
    name, key_id, material = key.strip().split("+", 2)
    material = base64.b64decode(material)
    assert material[0] == 2, "an ECDSA key"
    public = serialization.load_der_public_key(material[1:])
    assert hashlib.sha256(material[1:]).digest()[:4].hex() == key_id
    text, signatures = note.rsplit("\n\n", 1)
    text += "\n"
    for line in signatures.splitlines():
        dash, signer, value = line.split(" ")
        value = base64.b64decode(value)
        if dash == "\u2014" and signer == name and value[:4].hex() == key_id:
            public.verify(value[4:], text.encode(), ec.ECDSA(hashes.SHA256()))
            break
    else:
        raise AssertionError("no signature of the key")
    origin, size, digest = text.splitlines()[:3]
    assert origin == name
    return int(size), base64.b64decode(digest)


def place(index):
    parts = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        parts.insert(0, f"x{index % 1000:03d}")
    return "/".join(parts)


def check_tree(directory, key):
    directory = Path(directory)
    size, digest = checkpoint((directory / "checkpoint").read_text(), key)
    entries = []
    for index in range((size + 255) // 256):
        count = min(256, size - index * 256)
        path = directory / "tile/entries" / (place(index) + ("" if count == 256 else f".p/{count}"))
        data, own = path.read_bytes(), []
        while data:
            (length,) = struct.unpack(">H", data[:2])
            own.append(data[2 : 2 + length])
            assert len(own[-1]) == length
            data = data[2 + length :]
        assert len(own) == count, path
        entries += own
    nodes, level = [leaf(entry) for entry in entries], 0
    assert root(nodes) == digest, "the entries do not come to the checkpoint's root"
    while nodes:
        for index in range((len(nodes) + 255) // 256):
            own = nodes[index * 256 : (index + 1) * 256]
            name = place(index) + ("" if len(own) == 256 else f".p/{len(own)}")
            assert (directory / f"tile/{level}" / name).read_bytes() == b"".join(own), (level, name)
        nodes = [root(nodes[i : i + 256]) for i in range(0, len(nodes) - len(nodes) % 256, 256)]
        level += 1
    print(size)


def check_proof(file, key):
    lines, note = Path(file + ".proof").read_text().split("\n\n", 1)
    header, index, *path = lines.splitlines()
    assert header == "c2sp.org/tlog-proof@v1"
    index = int(index.removeprefix("index "))
    size, digest = checkpoint(note, key)
    # RFC 9162, section 2.1.3.2.
    fn, sn, value = index, size - 1, leaf(Path(file + ".event").read_bytes())
    for sibling in map(base64.b64decode, path):
        assert sn != 0
        if fn & 1 or fn == sn:
            value = node(sibling, value)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            value = node(value, sibling)
        fn, sn = fn >> 1, sn >> 1
    assert sn == 0 and value == digest
    print(index)


if __name__ == "__main__":
    {"tree": check_tree, "proof": check_proof}[sys.argv[1]](sys.argv[2], sys.argv[3])
