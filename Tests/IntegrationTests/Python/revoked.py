"""Verifies a chain with CRLs by pyca/cryptography: LEAF AUTHORITIES CRLS. Ends with 1 for a revoked certificate."""

import sys

from cryptography import x509


def crls(text):
    end = b"-----END X509 CRL-----\n"
    return [x509.load_pem_x509_crl(part + end) for part in text.split(end) if part.strip()]


def main(leaf, authorities, lists):
    certificate = x509.load_pem_x509_certificates(open(leaf, "rb").read())[0]
    known = x509.load_pem_x509_certificates(open(authorities, "rb").read())
    lists = crls(open(lists, "rb").read())
    while certificate.issuer != certificate.subject:
        issuer = next(one for one in known if one.subject == certificate.issuer)
        certificate.verify_directly_issued_by(issuer)
        own = [one for one in lists if one.issuer == issuer.subject and one.is_signature_valid(issuer.public_key())]
        if len(own) != 1:
            return f"{len(own)} CRLs of {issuer.subject}"
        entry = own[0].get_revoked_certificate_by_serial_number(certificate.serial_number)
        if entry is not None:
            return f"{certificate.subject} is revoked: {entry.extensions}"
        certificate = issuer
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
