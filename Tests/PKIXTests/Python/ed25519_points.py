"""Prints encodings of points of edwards25519 in hexadecimal: the canonical ones of small order, or those that are not
canonical. Computed from the equation of the curve (RFC 8032, section 5.1) alone."""

import sys

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)
L = 2**252 + 27742317777372353535851937790883648493


def x_of(y):
    """Both x, or none."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * ROOT % P
    return {x, -x % P} if x * x % P == square else set()


def add(a, b):
    t = D * a[0] * b[0] * a[1] * b[1] % P
    return (
        (a[0] * b[1] + b[0] * a[1]) * pow(1 + t, -1, P) % P,
        (a[1] * b[1] + a[0] * b[0]) * pow(1 - t, -1, P) % P,
    )


def times(n, a):
    total = (0, 1)
    while n:
        if n & 1:
            total = add(total, a)
        a, n = add(a, a), n >> 1
    return total


def encoded(y, sign):
    return (y | sign << 255).to_bytes(32, "little").hex()


if sys.argv[1] == "small-order":
    points = set()
    y = 2
    while len(points) < 8:
        # The torsion part of points found by trying.
        points |= {times(L, (x, y)) for x in x_of(y)}
        y += 1
    for x, y in points:
        assert times(8, (x, y)) == (0, 1)
        print(encoded(y, x & 1))
else:
    for y in range(P, 2**255):
        for sign in (0, 1):
            print(encoded(y, sign))
