internal import Crypto
internal import Foundation
internal import GRDB
internal import Identifiers
internal import JSON
internal import Storage

/// Compares each certificate with the event of its outcome. Certificates from before the log's tree name no
/// event and are not compared.
enum CertificateEventCheck {
    /// Reads one row at a time.
    /// - Throws: ``StorageError`` for a certificate whose event is missing or is of something else
    static func run(_ db: Database) throws {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT certificate.serialNumber, certificate.certificate, event.body
                FROM certificate LEFT JOIN event ON event.position = certificate.outcomeIndex + 1
                WHERE certificate.outcomeIndex IS NOT NULL ORDER BY certificate.sequence
                """)
        while let row = try rows.next() {
            let serialNumber: String = row["serialNumber"]
            guard let body = row["body"] as Data? else {
                throw StorageError.corrupt("the certificate \(serialNumber) without the event of its outcome")
            }
            guard matches(serialNumber, row["certificate"] as Data?, body) else {
                throw StorageError.corrupt("the certificate \(serialNumber) with an event of something else")
            }
        }
    }

    /// - Parameter certificate: nil when no certificate was issued. Different events can have that outcome,
    ///   but not that of an issued certificate.
    private static func matches(_ serialNumber: String, _ certificate: Data?, _ event: Data) -> Bool {
        guard let event = try? JSONValue(parsing: event) else { return false }
        let isIssued = event["eventName"] == "IssueCertificateDetails"
        guard let certificate else { return !isIssued }
        let details = event["serviceEventDetails"]
        let recorded = details?["serialNumber"]?.stringValue?.lowercased().utf8.filter {
            $0 != UInt8(ascii: ":")
        }
        return isIssued && recorded == Array(serialNumber.utf8)
            && details?["certificateSha256"]?.stringValue == hexadecimal(SHA256.hash(data: certificate))
    }
}
