internal import SwiftASN1
public import X509

/// Keys in PEM files, used for officers' keys of ceremonies.
public enum PEMKey {
    /// The public key in a PEM text. Throws for a weak key.
    public static func publicKey(pem: [UInt8]) throws(PublicKeyFault) -> SubjectPublicKey {
        let der: [UInt8]
        do { der = try PEM.block(pem, labels: PEM.publicKey).contents } catch { throw .notPEM(error) }
        var elements = DERElements(der[...])
        guard let element = elements.next(), element.encoded.count == der.count else {
            throw .malformed("it is not one SubjectPublicKeyInfo")
        }
        let info = try SubjectPublicKeyInfo(element)
        try info.check(known: .none)
        try info.checkThoroughly()
        do { return try SubjectPublicKey(derEncoded: der) } catch {
            throw .malformed(parseReason(error))
        }
    }

    /// - Parameter pem: the text of an unencrypted private key
    public static func privateKey(pem: [UInt8]) throws(PublicKeyFault) -> Certificate.PrivateKey {
        let block: PEM.Block
        do { block = try PEM.block(pem, labels: PEM.privateKey) } catch {
            if case .privateKey(let label) = error {
                throw .unsupported("`\(label)`; use an unencrypted one of PKCS #8, PKCS #1 or SEC 1")
            }
            throw .notPEM(error)
        }
        do {
            return try Certificate.PrivateKey(pemEncoded: PEM.encode(block.contents, label: block.label))
        } catch { throw .malformed(parseReason(error)) }
    }
}
