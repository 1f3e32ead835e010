public import SwiftASN1
public import X509

/// The complete syntax of an extension's value. Relying parties reject a certificate when they know an
/// extension and cannot parse it, even if they do not need it.
public struct ExtensionSyntax: Sendable {
    typealias Check = @Sendable (ArraySlice<UInt8>) throws(SyntaxFault) -> Void

    public let identifier: ASN1ObjectIdentifier
    /// Its name in the standard.
    public let name: String
    /// The standard, with the section.
    public let source: String
    private let body: Check

    init(_ identifier: ASN1ObjectIdentifier, _ name: String, _ source: String, _ body: @escaping Check) {
        self.identifier = identifier
        self.name = name
        self.source = source
        self.body = body
    }

    /// Throws when the value does not have this syntax.
    public func check(_ value: ArraySlice<UInt8>) throws(SyntaxFault) { try body(value) }

    /// All extensions whose syntax is known.
    static let known: [ASN1ObjectIdentifier: ExtensionSyntax] = Dictionary(
        uniqueKeysWithValues: (profile + related + withoutOtherRules).map { ($0.identifier, $0) })

    /// The syntax fault of a known or unknown extension. The value of an unknown one must be DER.
    public static func fault(in entry: Certificate.Extension) -> SyntaxFault? {
        do {
            if let syntax = known[entry.oid] {
                try syntax.check(entry.value)
            } else {
                try DERLeaves.check(entry.value)
            }
            return nil
        } catch { return error }
    }

    /// The name of an extension with its dotted decimal; the dotted decimal alone if the name is unknown.
    public static func name(_ identifier: ASN1ObjectIdentifier) -> String {
        known[identifier].map { "\($0.name) (\(identifier.dotted))" } ?? identifier.dotted
    }

    private static let otherIdentifiers = Set(withoutOtherRules.map(\.identifier))

    /// Whether the extension has a known syntax and no other rule.
    public static func isWithoutOtherRules(_ identifier: ASN1ObjectIdentifier) -> Bool {
        otherIdentifiers.contains(identifier)
    }

    /// Whether the syntax of the extension is known.
    public static func isKnown(_ identifier: ASN1ObjectIdentifier) -> Bool { known[identifier] != nil }
}
