public import Authorization
public import Foundation
internal import Identifiers
internal import PKIX
public import RecordKeeping
public import Storage
internal import X509

/// A certificate authority as it is shown: its record, and what follows from its certificate and the time.
public struct CertificateAuthorityDetails: Sendable {
    public let arn: ARN
    public let record: CertificateAuthorityRecord
    /// The API's `Status`. EXPIRED when the certificate's time is over, whatever was stored.
    public let status: String
    /// Of its own certificate, lower-case hexadecimal with colons; nil without one.
    public let serialNumber: String?
    public let notBefore: Date?
    public let notAfter: Date?

    public init(_ record: CertificateAuthorityRecord, arn: ARN, at now: Date) throws(CAError) {
        let certificate = try record.parsedCertificate()
        self.record = record
        self.arn = arn
        serialNumber = certificate.map { hexadecimal(Array($0.serialNumber.bytes), separator: ":") }
        notBefore = certificate?.notValidBefore
        notAfter = certificate?.notValidAfter
        let hasExpired = record.status == .active && certificate.map { $0.notValidAfter < now } ?? false
        status = hasExpired ? "EXPIRED" : record.status.rawValue
    }
}
