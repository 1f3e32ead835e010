"""Prints a CSR whose RSA key is weak in the way asked for: roca, close; or sound."""

import secrets
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
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


request = (
    x509.CertificateSigningRequestBuilder()
    .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "weak.example")]))
    .sign(key(sys.argv[1]), hashes.SHA256())
)
print(request.public_bytes(serialization.Encoding.PEM).decode(), end="")
