public import Authorization
public import Foundation
internal import Identifiers
internal import PKIX
public import RecordKeeping
public import Storage
internal import X509

/// The displayed facts of a certificate authority: its record, and values derived from its certificate and
/// the time.
public struct CertificateAuthorityDetails: Sendable {
    public let arn: ARN
    public let record: CertificateAuthorityRecord
    /// The API's `Status`. EXPIRED after the end of the certificate's validity, regardless of the stored
    /// status.
    public let status: String
    /// The serial number of its own certificate in lower-case hexadecimal with colons; nil without a
    /// certificate.
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
        let hasExpired =
            [.active, .disabled].contains(record.status)
            && certificate.map { $0.notValidAfter < now } ?? false
        status = hasExpired ? "EXPIRED" : record.status.rawValue
    }
}
