internal import SwiftASN1
public import VisibleText
internal import X509

/// The values of attributes in names, for people.
public enum AttributeText {
    /// RFC 4514, section 2.4, with every scalar that is not shown as pairs of hexadecimal digits: `\0A`, `\E2\80\AE`. Blanks
    /// at the ends and next to others are `\20`.
    public static func visible(_ value: String) -> EscapedText {
        EscapedText(escaped(value), escape: .hexPairs, limit: .max)
    }

    /// The specials of RFC 4514 behind backslashes, wherever they stand, and a number sign where one would begin `#hex`.
    private static func escaped(_ value: String) -> String {
        var text = String.UnicodeScalarView()
        for scalar in value.unicodeScalars {
            if specials.contains(scalar) || (scalar == "#" && text.isEmpty) { text.append("\\") }
            text.append(scalar)
        }
        return String(text)
    }

    static let specials = ",+\"\\<>;".unicodeScalars
}
