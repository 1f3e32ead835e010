internal import PKIX
public import RecordKeeping
public import Storage
internal import SwiftASN1
internal import X509

extension CertificateAuthorityRecord {
    /// Parses every key and certificate of the record. Throws `CAError.storage` for one that cannot be read.
    public func checkIsReadable() throws(CAError) {
        if subjectPublicKeyInfo != nil { _ = try publicKey() }
        _ = try parsedCertificate()
        _ = try parsedChain()
    }

    /// The pinned public key. Only an authority whose creation failed has none.
    func publicKey() throws(CAError) -> SubjectPublicKey {
        guard let subjectPublicKeyInfo else {
            throw .invalidState("The certificate authority is not in the correct state: it has no key pair")
        }
        do { return try SubjectPublicKey(derEncoded: subjectPublicKeyInfo) } catch {
            throw .storage(.corrupt("the public key of the certificate authority \(id)"))
        }
    }

    /// The imported certificate; nil if there is none.
    func parsedCertificate() throws(CAError) -> Certificate? {
        guard let certificate else { return nil }
        do { return try Certificate(derEncoded: certificate) } catch {
            throw .storage(.corrupt("the certificate of the certificate authority \(id)"))
        }
    }

    /// The certificates of its chain.
    func parsedChain() throws(CAError) -> [Certificate] {
        var parsed: [Certificate] = []
        for der in chain {
            do { parsed.append(try Certificate(derEncoded: der)) } catch {
                throw .storage(.corrupt("the chain of the certificate authority \(id)"))
            }
        }
        return parsed
    }
}
