internal import SwiftASN1
public import VisibleText
internal import X509

/// The values of attributes in names, in a form that is safe to show.
public enum AttributeText {
    /// RFC 4514, section 2.4. Every scalar that is not shown becomes pairs of hexadecimal digits: `\0A`,
    /// `\E2\80\AE`. Blanks at the ends and next to other blanks become `\20`.
    public static func visible(_ value: String) -> EscapedText {
        EscapedText(escaped(value), escape: .hexPairs, limit: .max)
    }

    /// Escapes the special characters of RFC 4514 anywhere, and a number sign at the beginning, where it
    /// would announce hexadecimal DER.
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
