internal import SwiftASN1

/// The textual encodings of RFC 7468, strictly: one label, and no bytes that are not part of it.
public enum PEM {
    /// The PEM text of `der`, without a line end after the last line.
    public static func encode(_ der: [UInt8], label: String) -> String {
        PEMDocument(type: label, derBytes: der).pemString
    }

    /// The PEM text of several certificates, one after the other.
    public static func encode(certificates: [[UInt8]]) -> String {
        certificates.map { encode($0, label: "CERTIFICATE") }.joined(separator: "\n")
    }

    /// The DER of every block in `text`; each must carry one of `labels`. Nil when there is none, or another.
    public static func decode(_ text: [UInt8], labels: [String]) -> [[UInt8]]? {
        guard text.allSatisfy({ $0 < 0x80 }),
            let documents = try? PEMDocument.parseMultiple(pemString: String(decoding: text, as: UTF8.self)),
            !documents.isEmpty, documents.allSatisfy({ labels.contains($0.discriminator) })
        else { return nil }
        return documents.map(\.derBytes)
    }
}
