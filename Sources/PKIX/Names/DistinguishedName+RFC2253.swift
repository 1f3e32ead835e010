internal import SwiftASN1
internal import VisibleText
public import X509

extension DistinguishedName {
    /// The name as AWS Private CA's audit reports write it: RFC 2253, in the dialect of Java's
    /// `X500Principal`. The last attribute comes first. An attribute without a keyword in RFC 2253 is written
    /// as a dotted decimal and the value's DER in hexadecimal, such as `1.2.840.113549.1.9.1=#1611…`. Empty
    /// for an empty name.
    public var rfc2253: String {
        reversed().map { attributes in attributes.map(\.rfc2253).joined(separator: "+") }.joined(
            separator: ",")
    }
}

extension RelativeDistinguishedName.Attribute {
    // RFC 2253, section 2.3.
    private static let keywords: [(type: ASN1ObjectIdentifier, keyword: String)] = [
        ([2, 5, 4, 3], "CN"), ([2, 5, 4, 7], "L"), ([2, 5, 4, 8], "ST"), ([2, 5, 4, 10], "O"),
        ([2, 5, 4, 11], "OU"), ([2, 5, 4, 6], "C"), ([2, 5, 4, 9], "STREET"),
        ([0, 9, 2342, 19_200_300, 100, 1, 25], "DC"), ([0, 9, 2342, 19_200_300, 100, 1, 1], "UID"),
    ]

    fileprivate var rfc2253: String {
        guard let keyword = Self.keywords.first(where: { $0.type == type })?.keyword,
            let text = String(value)
        else {
            return "\(type.dotted)=\(value.hex)"
        }
        return "\(keyword)=\(Self.escaped(text))"
    }

    /// RFC 2253, section 2.4. Like Java, it escapes `#` and `=` anywhere, and every blank at the beginning
    /// and the end. Characters that a terminal interprets or does not show become pairs of hexadecimal
    /// digits, so that the name stays on one line.
    private static func escaped(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        let first = scalars.firstIndex { $0 != " " } ?? scalars.endIndex
        let last = scalars.lastIndex { $0 != " " } ?? -1
        var escaped = ""
        for (index, scalar) in scalars.enumerated() {
            guard scalar.isVisible else {
                Escape.hexPairs.append(scalar, to: &escaped)
                continue
            }
            let isSpecial = ",=+<>#;\"\\".unicodeScalars.contains(scalar)
            if isSpecial || index < first || index > last { escaped += "\\" }
            escaped.unicodeScalars.append(scalar)
        }
        return escaped
    }
}
