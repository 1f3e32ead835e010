internal import Foundation

/// A-labels: the ASCII form of internationalized domain labels (RFC 5890, section 2.3.2.1).
public enum ALabel {
    /// The fault of a label that begins like an A-label, as the rest of a sentence about it. Nil for a valid
    /// A-label, and for a label of another kind.
    public static func problem(_ label: some Collection<UInt8>) -> String? {
        // Most labels end here, without allocating an array.
        guard label.prefix(4).elementsEqual("xn--".utf8, by: { $0 == $1 || ($0 | 0x20 == $1 && $1 >= 0x61) })
        else { return nil }
        let octets = label.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        guard let scalars = Punycode.decode(octets.dropFirst(4)) else {
            return "has an A-label that does not decode (RFC 3492)"
        }
        // RFC 5890, section 2.3.2.1: a U-label has a character outside ASCII, and encoding it yields its
        // A-label.
        guard scalars.contains(where: { !$0.isASCII }), Punycode.encode(scalars) == Array(octets.dropFirst(4))
        else { return "has an A-label that stands for no U-label (RFC 5890, section 2.3.2.1)" }
        let text = String(String.UnicodeScalarView(scalars))
        // RFC 5891, section 5.3: Normalization Form C.
        guard text.precomposedStringWithCanonicalMapping.unicodeScalars.elementsEqual(scalars) else {
            return "has an A-label whose U-label is not in Normalization Form C (RFC 5891, section 5.3)"
        }
        guard scalars.allSatisfy(isOfLabels), scalars.first != "-", scalars.last != "-",
            scalars.first.map({ !isMark($0) }) ?? false
        else { return "has an A-label whose U-label has a character that no label has (RFC 5892)" }
        return nil
    }

    /// An approximation of RFC 5892, section 2: lower-case letters and digits, marks, and the joiners and
    /// dots that some scripts need. It excludes upper case, symbols, punctuation, blanks, controls, and the
    /// full stops of other scripts.
    private static func isOfLabels(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark, .decimalNumber:
            true
        // RFC 5892, section 2.6 and appendix A: hyphen, middle dot, joiners, keraia, geresh, gershayim,
        // katakana middle dot, and letters whose general category is not a letter's.
        default:
            [0x2D, 0xB7, 0x200C, 0x200D, 0x375, 0x5F3, 0x5F4, 0x30FB, 0x6FD, 0x6FE, 0xF0B, 0x3007].contains(
                scalar.value)
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }
}
