"""Asks an OCSP responder about a certificate with Python's cryptography: URL CERTIFICATE ISSUER.

Ends with 0 for a good certificate, with 1 for another status, and with 2 when the response is not accepted."""
import datetime
import sys
import urllib.request

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp


def read(path):
    with open(path, "rb") as file:
        return x509.load_pem_x509_certificates(file.read())[0]


def verify(key, signature, data, algorithm):
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, data, padding.PKCS1v15(), algorithm)
    else:
        key.verify(signature, data, ec.ECDSA(algorithm))


def main(url, certificate, issuer):
    leaf, authority = read(certificate), read(issuer)
    builder = ocsp.OCSPRequestBuilder().add_certificate(leaf, authority, hashes.SHA256())
    builder = builder.add_extension(x509.OCSPNonce(bytes(range(32))), critical=False)
    request = builder.build().public_bytes(serialization.Encoding.DER)
    post = urllib.request.Request(url, request, {"Content-Type": "application/ocsp-request"})
    with urllib.request.urlopen(post, timeout=60) as answer:
        response = ocsp.load_der_ocsp_response(answer.read())
    if response.response_status != ocsp.OCSPResponseStatus.SUCCESSFUL:
        print(response.response_status)
        return 2
    signer = authority
    # An authority that signs itself sends its own certificate.
    if response.certificates[0] != authority:
        signer = response.certificates[0]
        signer.verify_directly_issued_by(authority)
        usages = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        assert list(usages) == [x509.ExtendedKeyUsageOID.OCSP_SIGNING]
        signer.extensions.get_extension_for_class(x509.OCSPNoCheck)
    verify(signer.public_key(), response.signature, response.tbs_response_bytes,
           response.signature_hash_algorithm)
    assert response.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == bytes(range(32))
    assert response.serial_number == leaf.serial_number
    now = datetime.datetime.now(datetime.timezone.utc)
    assert response.this_update_utc <= now < response.next_update_utc
    print(response.certificate_status)
    return 0 if response.certificate_status == ocsp.OCSPCertStatus.GOOD else 1


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except AssertionError as error:
        print(error)
        sys.exit(2)
