internal import Authorization
public import Foundation
internal import PKIX
internal import RecordKeeping
internal import Storage
internal import SwiftASN1
internal import X509

/// The entry of an audit report for one certificate (AWS Private CA User Guide, "Use audit reports with your
/// private CA").
public struct AuditReportEntry: Sendable, Hashable {
    public struct Revocation: Sendable, Hashable {
        public let time: Date
        /// The API's `RevocationReason`.
        public let reason: String

        public init(time: Date, reason: String) {
            self.time = time
            self.reason = reason
        }
    }

    /// The account of the certificate's requester.
    public let accountID: String
    /// Such as `acm.amazonaws.com`. Always nil, because no AWS service calls this daemon.
    public let requestedByServicePrincipal: String?
    public let certificateARN: String
    /// 32 lower-case hexadecimal digits.
    public let serialNumber: String
    /// RFC 2253; empty for a certificate with alternative names only.
    public let subject: String
    public let notBefore: Date
    public let notAfter: Date
    public let issuedAt: Date
    /// Nil for a certificate that is not revoked.
    public let revocation: Revocation?
    public let templateARN: String

    public init(
        accountID: String, requestedByServicePrincipal: String? = nil, certificateARN: String,
        serialNumber: String, subject: String, notBefore: Date, notAfter: Date, issuedAt: Date,
        revocation: Revocation? = nil, templateARN: String
    ) {
        self.accountID = accountID
        self.requestedByServicePrincipal = requestedByServicePrincipal
        self.certificateARN = certificateARN
        self.serialNumber = serialNumber
        self.subject = subject
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.issuedAt = issuedAt
        self.revocation = revocation
        self.templateARN = templateARN
    }

    /// The columns of a CSV report and the members of an entry in JSON, in this order.
    static let names = [
        "awsAccountId", "requestedByServicePrincipal", "certificateArn", "serial", "subject", "notBefore",
        "notAfter", "issuedAt", "revokedAt", "revocationReason", "templateArn",
    ]

    /// The value for each of `names`; nil for a missing value.
    var values: [String?] {
        [
            accountID, requestedByServicePrincipal, certificateARN, serial,
            subject.isEmpty ? nil : subject, Self.text(notBefore), Self.text(notAfter), Self.text(issuedAt),
            revocation.map { Self.text($0.time) }, revocation?.reason, templateARN,
        ]
    }

    /// In pairs with colons, as in `00:11:…:ff`.
    private var serial: String {
        let digits = Array(serialNumber.utf8)
        var text: [UInt8] = []
        text.reserveCapacity(digits.count * 3 / 2)
        for (index, digit) in digits.enumerated() {
            if index > 0, index % 2 == 0 { text.append(UInt8(ascii: ":")) }
            text.append(digit)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Such as `2020-02-26T18:39:57+0000`.
    private static func text(_ date: Date) -> String {
        // A certificate's times and the clock's are within the years of CivilTime.
        (CivilTime(date)?.description.dropLast()).map { $0 + "+0000" } ?? ""
    }
}

extension AuditReportEntry {
    /// - Parameter revocation: nil for a certificate that is not revoked
    init(
        _ record: CertificateRecord, _ revocation: RevocationRecord?, _ naming: ARNNaming
    ) throws(CAError) {
        guard case .issued(let der) = record.status, let issuedAt = record.issuedAt,
            let certificate = try? Certificate(derEncoded: der)
        else { throw .storage(.corrupt("the certificate \(record.serialNumber)")) }
        self.init(
            accountID: ARN(record.requester)?.account ?? naming.account,
            certificateARN: naming.certificate(record.serialNumber, of: record.certificateAuthority)
                .description,
            serialNumber: record.serialNumber, subject: certificate.subject.rfc2253,
            notBefore: certificate.notValidBefore, notAfter: certificate.notValidAfter, issuedAt: issuedAt,
            revocation: revocation.map { Revocation(time: $0.revokedAt, reason: $0.reason.rawValue) },
            templateARN: record.templateARN)
    }
}
