internal import Foundation
internal import SwiftASN1
public import X509

/// A Name prepared once for many comparisons (RFC 5280, section 7.1). Relying parties differ in the
/// preparation. RFC 5280 asks for that of RFC 4518, with case folding and NFKC for all of Unicode; OpenSSL
/// folds ASCII only. So there are two forms. The caller uses the form whose errors lead to a refusal.
public struct ComparableName: Sendable, Hashable {
    /// The form for OpenSSL's comparison. Names that are equal in it are equal for every relying party. Nil
    /// when a string has a type that some relying parties do not compare with others, such as BMPString,
    /// TeletexString or UniversalString.
    public let narrow: [[UInt8]]?
    /// The form for RFC 4518's comparison. Names that differ in it differ for every relying party.
    public let broad: [[UInt8]]

    /// Nil when a value is not a string, or when its octets do not fit its type: such a name cannot be
    /// compared.
    public init?(_ name: DistinguishedName) {
        var isPlain = true
        var narrow: [[UInt8]] = []
        var broad: [[UInt8]] = []
        narrow.reserveCapacity(name.count)
        broad.reserveCapacity(name.count)
        for relativeName in name {
            var pairs: [(narrow: [UInt8], broad: [UInt8])] = []
            for attribute in relativeName {
                guard let text = attribute.value.text else { return nil }
                if String(attribute.value) == nil { isPlain = false }
                let type = Self.field(attribute.type.description.utf8)
                let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
                let plain = Self.field(Self.collapsed(text.unicodeScalars.lazy.map(Self.asciiLowercase)))
                pairs.append(
                    (
                        type + plain,
                        type + (isASCII ? plain : Self.field(Self.collapsed(Self.prepared(text))))
                    ))
            }
            // A relative distinguished name is a set, so its order does not count.
            narrow.append(pairs.map(\.narrow).sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 })
            broad.append(pairs.map(\.broad).sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 })
        }
        self.narrow = isPlain ? narrow : nil
        self.broad = broad
    }

    /// The octets after their count, so that no text can continue into the next field.
    private static func field(_ octets: some Collection<UInt8>) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: octets.count >> (24 - 8 * $0)) } + octets
    }

    private static func asciiLowercase(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        (0x41...0x5A).contains(scalar.value) ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar
    }

    /// RFC 4518, section 2.6.1: no blanks at the ends, and a single one between words.
    private static func collapsed(_ scalars: some Sequence<Unicode.Scalar>) -> [UInt8] {
        var octets: [UInt8] = []
        var isPending = false
        for scalar in scalars {
            switch scalar.value {
            case 0x09...0x0D, 0x20: isPending = !octets.isEmpty
            default:
                if isPending { octets.append(0x20) }
                isPending = false
                UTF8.encode(scalar).map { octets.append(contentsOf: $0) }
            }
        }
        return octets
    }

    /// RFC 4518, sections 2.2 and 2.3: mapped, case-folded, and in NFKC. All default-ignorable characters of
    /// Unicode are mapped to nothing, also those newer than the RFC and the Hangul fillers, because they are
    /// not shown.
    private static func prepared(_ text: String) -> String.UnicodeScalarView {
        var mapped = String.UnicodeScalarView()
        for scalar in text.precomposedStringWithCompatibilityMapping.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .spaceSeparator, .lineSeparator, .paragraphSeparator: mapped.append(" ")
            case .control where (0x09...0x0D).contains(scalar.value) || scalar.value == 0x85:
                mapped.append(" ")
            case .control, .format: break
            default:
                if scalar.isRefusedInNames { continue }
                // Upper case and then lower case folds characters that either alone keeps apart, such as the
                // two small sigmas.
                for upper in scalar.properties.uppercaseMapping.unicodeScalars {
                    mapped.append(contentsOf: upper.properties.lowercaseMapping.unicodeScalars)
                }
            }
        }
        return String(mapped).precomposedStringWithCompatibilityMapping.unicodeScalars
    }
}
