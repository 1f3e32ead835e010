internal import Foundation
internal import Identifiers
internal import PKIX
internal import SwiftASN1
internal import VisibleText
internal import X509

/// A CRL in words.
struct CRLReport: Encodable {
    struct Entry: Encodable {
        let serialNumber: String
        let revokedAt: String
        let reason: String?
    }

    let issuer: String
    let number: String?
    let thisUpdate: String
    let nextUpdate: String?
    /// Such as `valid, 6 days left`.
    let validity: String
    let entries: Int
    let revoked: [Entry]

    private enum CodingKeys: CodingKey {
        case issuer, number, thisUpdate, nextUpdate, validity, entries, revoked
    }

    /// - Parameter most: the maximum number of entries
    init(_ list: CertificateList, most: Int, at now: Date = Date()) {
        let name: (ASN1Node) throws -> DistinguishedName = DistinguishedName.init(derEncoded:)
        issuer = (try? name(DER.parse(Array(list.issuer))))?.visible.text ?? hexadecimal(Array(list.issuer))
        // In decimal, as programs print it, where it fits.
        number = list.number.map { octets in
            octets.count <= 8
                ? "\(octets.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })" : "0x\(hexadecimal(octets))"
        }
        thisUpdate = "\(list.thisUpdate)"
        nextUpdate = list.nextUpdate.map { "\($0)" }
        let left = (list.nextUpdate?.secondsSinceEpoch).map { Double($0) - now.timeIntervalSince1970 }
        validity =
            left.map { $0 < 0 ? "ENDED" : "valid, \(Int($0 / 86_400)) days left" } ?? "without an end"
        entries = list.count
        var revoked: [Entry] = []
        list.forEachEntry { entry in
            guard revoked.count < most else { return }
            revoked.append(
                Entry(
                    serialNumber: hexadecimal(Array(entry.serialNumber)),
                    revokedAt: "\(entry.revocationDate)",
                    reason: entry.reason.map { CRLReason(rawValue: $0).map { "\($0)" } ?? "\($0)" }))
        }
        self.revoked = revoked
    }

    var text: EscapedText {
        let head = EscapedText.fields(
            [
                ("Issuer", "\(issuer)"), ("Number", "\(number ?? "-")"), ("Issued", "\(thisUpdate)"),
                ("Next", "\(nextUpdate ?? "-") (\(validity))"), ("Entries", "\("\(entries)")"),
            ], width: 9)
        guard !revoked.isEmpty else { return head }
        let table = EscapedText.table(
            ["SERIAL NUMBER", "REVOKED", "REASON"],
            revoked.map { [$0.serialNumber, $0.revokedAt, $0.reason ?? "-"] })
        let more: EscapedText = revoked.count < entries ? "\n… --all shows all" : ""
        return "\(head)\n\n\(table)\(more)"
    }
}
