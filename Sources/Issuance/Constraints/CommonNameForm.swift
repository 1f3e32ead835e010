internal import PKIX
internal import SwiftASN1
internal import X509

/// The form of a common name for relying parties that look for a host in it. Some trim it, cut it at a NUL,
/// read numbers as addresses, or read full stops of other scripts as dots. So a common name that is neither
/// clearly a host nor clearly none is `unclear`, and rules about hosts refuse it.
enum CommonNameForm: Equatable {
    /// Letters and digits, or words of them.
    case noHost
    case host(String)
    /// An address, and how it is written.
    case address(ASN1OctetString, String)
    /// - Parameter resemblesHost: whether it has a dot of any kind
    case unclear(resemblesHost: Bool)

    /// - Parameter text: nil for a value that is not text
    init(_ text: String?) {
        guard let text else {
            self = .unclear(resemblesHost: true)
            return
        }
        // A dot at the end is the root of the DNS.
        let name = text.utf8.last == UInt8(ascii: ".") ? text.utf8.dropLast() : text.utf8[...]
        if let octets = IPAddress.octets(text) {
            self = .address(ASN1OctetString(contentBytes: octets[...]), text)
        } else if name.contains(UInt8(ascii: ".")), NameSyntax.isDNSName(name) {
            self = .host(String(decoding: name, as: UTF8.self))
        } else if Self.isPlainlyNoHost(text) {
            self = .noHost
        } else if NameSyntax.isDNSName(name) {
            // One label, such as `web-1`: a host within a network.
            self = .host(String(decoding: name, as: UTF8.self))
        } else {
            self = .unclear(resemblesHost: text.unicodeScalars.contains(where: Self.isDot))
        }
    }

    /// A host that is not one label, or an address.
    var isDottedHost: Bool {
        switch self {
        case .host(let name): name.utf8.contains(UInt8(ascii: "."))
        case .address: true
        case .noHost, .unclear: false
        }
    }

    /// Letters, digits and marks with blanks between them. If there is a blank, also the punctuation of names
    /// of people and companies, because a host has no blank.
    private static func isPlainlyNoHost(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        guard let first = scalars.first, let last = scalars.last, first != " ", last != " " else {
            return false
        }
        let hasBlank = text.utf8.contains(UInt8(ascii: " "))
        var before = first
        var isDotOpen = false
        for scalar in scalars {
            // A dot ends a word: `A. Example`, `Example Inc.`
            if isDotOpen, scalar != " " { return false }
            isDotOpen = false
            switch scalar {
            case " ": break
            case "'", "&", "(", ")", ",", "-": if !hasBlank { return false }
            case ".":
                guard hasBlank, isLetter(before) else { return false }
                isDotOpen = true
            default: guard isLetter(scalar) || isDigit(scalar) else { return false }
            }
            before = scalar
        }
        return true
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return NameSyntax.isLetterOrDigit(UInt8(scalar.value)) && !isDigit(scalar) }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .nonspacingMark, .spacingMark:
            true
        default: false
        }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII
            ? (0x30...0x39).contains(scalar.value) : scalar.properties.generalCategory == .decimalNumber
    }

    /// RFC 3490, section 3.1: characters that are read as dots, and characters that NFKC turns into a dot,
    /// alone or after a digit.
    private static func isDot(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2E, 0x3002, 0xFF0E, 0xFF61, 0x2024, 0xFE52, 0x2488...0x249B, 0x1F100: true
        default: false
        }
    }
}
