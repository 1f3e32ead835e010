"""Prints a CSR whose key has the requested weakness: roca, close, prime, cube, fifth, ec-CURVE-NUMBER; or sound."""

import base64
import hashlib
import secrets
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

SMALL = [n for n in range(2, 2000) if all(n % d for d in range(2, int(n**0.5) + 1))]


def is_prime(n):
    if any(n % p == 0 for p in SMALL):
        return n in SMALL
    d, r = n - 1, 0
    while d % 2 == 0:
        d, r = d // 2, r + 1
    for _ in range(20):
        x = pow(secrets.randbelow(n - 3) + 2, d, n)
        if x in (1, n - 1):
            continue
        for _ in range(r - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def is_usable(p):
    return p.bit_length() == 1024 and (p - 1) % 65537 != 0 and is_prime(p)


def random_prime():
    while True:
        p = secrets.randbits(1024) | (3 << 1022) | 1
        if is_usable(p):
            return p


def roca_prime():
    """k·M + (65537^a mod M), M the product of the first 126 primes, as for keys of 2048 bits."""
    m = 1
    for p in SMALL[:126]:
        m *= p
    while True:
        k = secrets.randbelow(1 << (1024 - m.bit_length())) | (3 << (1022 - m.bit_length()))
        p = k * m + pow(65537, secrets.randbelow(1 << 62), m)
        if p >> 1022 == 3 and is_usable(p):
            return p


def key(kind):
    if kind == "roca":
        p, q = roca_prime(), roca_prime()
    elif kind == "close":
        p = random_prime()
        q = p + 2
        while not is_usable(q):
            q += 2
    else:
        p, q = random_prime(), random_prime()
    phi, e = (p - 1) * (q - 1), 65537
    d = pow(e, -1, phi)
    numbers = rsa.RSAPrivateNumbers(
        p, q, d, d % (p - 1), d % (q - 1), rsa.rsa_crt_iqmp(p, q), rsa.RSAPublicNumbers(e, p * q)
    )
    return numbers.private_key()


def power(degree):
    """A modulus of 2048 bits that is a prime to this power, and its totient."""
    low, high = 0, 1 << 2048
    while low + 1 < high:
        middle = (low + high) // 2
        if middle**degree < 1 << 2048:
            low = middle
        else:
            high = middle
    while True:
        p = low - secrets.randbelow(low >> 16)
        p |= 1
        n = p**degree
        totient = (p - 1) * p ** (degree - 1)
        if n.bit_length() == 2048 and totient % 65537 != 0 and is_prime(p):
            return n, totient


def request(key):
    return (
        x509.CertificateSigningRequestBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "weak.example")]))
        .sign(key, hashes.SHA256())
    )


def with_modulus(n, totient):
    """A sound request with another modulus of the same length, signed again by hand: libraries make no such key."""
    sound = key("sound")
    der = bytearray(request(sound).public_bytes(serialization.Encoding.DER))
    old = sound.public_key().public_numbers().n.to_bytes(256, "big")
    place = der.index(old)
    der[place : place + 256] = n.to_bytes(256, "big")
    # The outer header has four octets, and so has that of what is signed.
    length = 4 + int.from_bytes(der[6:8], "big")
    digest = hashlib.sha256(der[4 : 4 + length]).digest()
    info = bytes.fromhex("3031300d060960864801650304020105000420") + digest
    encoded = b"\x00\x01" + b"\xff" * (253 - len(info)) + b"\x00" + info
    signature = pow(int.from_bytes(encoded, "big"), pow(65537, -1, totient), n)
    assert pow(signature, 65537, n) == int.from_bytes(encoded, "big")
    der[-256:] = signature.to_bytes(256, "big")
    text = base64.encodebytes(bytes(der)).decode()
    return f"-----BEGIN CERTIFICATE REQUEST-----\n{text}-----END CERTIFICATE REQUEST-----\n"


ORDERS = {
    "p256": (ec.SECP256R1(), 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551),
    "p384": (
        ec.SECP384R1(),
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    ),
    "p521": (
        ec.SECP521R1(),
        2**521 - 657877501894328237357444332315020117536923257219387276263472201219398408051703,
    ),
}

kind = sys.argv[1]
if kind in ("prime", "cube", "fifth"):
    print(with_modulus(*power({"prime": 1, "cube": 3, "fifth": 5}[kind])), end="")
elif kind.startswith("ec-"):
    curve, order = ORDERS[kind.split("-")[1]]
    number = int(kind.split("-", 2)[2])
    key = ec.derive_private_key(number % order, curve)
    print(request(key).public_bytes(serialization.Encoding.PEM).decode(), end="")
else:
    print(request(key(kind)).public_bytes(serialization.Encoding.PEM).decode(), end="")
