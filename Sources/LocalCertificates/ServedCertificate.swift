public import Foundation
internal import PKIX
internal import SwiftASN1
public import X509

/// The certificate in a service's file.
public struct ServedCertificate: Sendable {
    public let certificate: Certificate
    /// In DER.
    let encoded: [UInt8]
    public var end: Date { certificate.notValidAfter }

    /// Whether it was issued by an authority and is already valid. Services often start with a self-signed
    /// certificate in this place.
    func isInUse(at now: Date) -> Bool {
        certificate.issuer != certificate.subject && certificate.notValidBefore <= now
    }

    /// The first certificate of a PEM file; nil when the file does not exist or has no readable certificate.
    init?(file: String) {
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: file)),
            let der = try? PEM.decode(Array(data), labels: PEM.certificate).first,
            let certificate = try? Certificate(derEncoded: der)
        else { return nil }
        self.certificate = certificate
        encoded = der
    }
}
