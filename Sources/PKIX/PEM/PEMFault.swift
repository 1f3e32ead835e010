/// Why a text does not hold the expected PEM blocks. The description continues a sentence whose subject is
/// the text: `the CSR` … `is DER and not PEM`.
public enum PEMFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The recognized format of a text without PEM blocks.
    public enum Form: Sendable, Hashable {
        case der
        case utf16
        case utf32
        /// PEM text that was encoded in base64 again.
        case encodedTwice
        /// Base64 without the boundaries around it.
        case bareBase64
    }

    case empty
    case tooLong(limit: Int)
    case notPEM(Form?, labels: [String])
    case privateKey(label: String)
    case label(String, expected: String)
    case several(Int, label: String)
    /// RFC 1421, section 4.6: `Proc-Type: 4,ENCRYPTED` and others.
    case headers(line: Int)
    /// A line that has `-----BEGIN` or `-----END` and is not the expected boundary.
    case boundary(line: Int)
    case unfinished(label: String, line: Int)
    case base64(line: Int)

    public var description: String {
        switch self {
        case .empty: "is empty"
        case .tooLong(let limit): "has more than \(limit) octets"
        case .notPEM(.der, _): "is DER and not PEM; `openssl … -inform DER` converts it"
        case .notPEM(.utf16, _): "is UTF-16 text and not PEM; save it as ASCII or UTF-8"
        case .notPEM(.utf32, _): "is UTF-32 text and not PEM; save it as ASCII or UTF-8"
        case .notPEM(.encodedTwice, _): "is PEM that was encoded in base64 once more"
        case .notPEM(.bareBase64, let labels):
            "is not PEM: the lines `-----BEGIN \(labels[0])-----` and `-----END \(labels[0])-----` are missing"
        case .notPEM(nil, let labels): "has no PEM block labelled \(labels[0])"
        case .privateKey(let label):
            "holds a private key (`\(label)`), which should not leave its owner; send the other block alone"
        case .label(let label, let expected):
            "has a PEM block labelled `\(label)` where \(expected) is expected"
        case .several(let count, let label): "has \(count) PEM blocks and not one PEM block labelled \(label)"
        case .headers(let line):
            "has RFC 1421 headers in its PEM block, on line \(line); RFC 7468 has none"
        case .boundary(let line):
            "has a line that is no PEM boundary such as `-----BEGIN CERTIFICATE-----`: line \(line)"
        case .unfinished(let label, let line):
            "has a PEM block that does not end with `-----END \(label)-----`: the one of line \(line)"
        case .base64(let line): "is not valid base64 on line \(line)"
        }
    }
}

extension PEMFault.Form {
    /// The recognized format of a text; nil for any other.
    init?(_ text: [UInt8]) {
        if let wide = Self.wide(text) {
            self = wide
            return
        }
        var elements = DERElements(text[...])
        // X.690: a SEQUENCE that fills the text, or one that is truncated or followed by other octets.
        if text[0] == 0x30, elements.next()?.encoded.count == text.count || text.dropFirst().first ?? 0 > 0x80
        {
            self = .der
            return
        }
        let digits = text.filter { !PEMReader.isBlank($0) }
        guard digits.count >= 16, digits.prefix(4096).allSatisfy({ Base64.isDigit($0) || $0 == Base64.pad })
        else { return nil }
        self = digits.starts(with: "LS0tLS1CRUdJTi".utf8) ? .encodedTwice : .bareBase64
    }

    /// UTF-16 or UTF-32, in which no PEM block can be found; nil for other text.
    static func wide(_ text: [UInt8]) -> Self? {
        // Both have a byte order mark, or zero octets beside their hyphens.
        guard text[0] >= 0xFE || text.prefix(4096).contains(0) else { return nil }
        // Byte order marks, and hyphens of 32 and of 16 bits. UTF-32 is tested first, because its mark begins
        // with that of UTF-16.
        if text.starts(with: [0xFF, 0xFE, 0, 0]) || text.starts(with: [0, 0, 0xFE, 0xFF])
            || hasHyphens(ofWidth: 4, text)
        {
            return .utf32
        }
        if text.starts(with: [0xFF, 0xFE]) || text.starts(with: [0xFE, 0xFF]) || hasHyphens(ofWidth: 2, text)
        {
            return .utf16
        }
        return nil
    }

    private static func hasHyphens(ofWidth width: Int, _ text: [UInt8]) -> Bool {
        let hyphen = UInt8(ascii: "-")
        let wide = (0...4 * width).map { $0.isMultiple(of: width) ? hyphen : 0 }
        return text.indices.contains { text[$0] == 0x2D && text[$0...].starts(with: wide) }
    }
}
