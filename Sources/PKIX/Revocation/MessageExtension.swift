/// An extension of a CRL, of an entry of a CRL, or of an OCSP message (RFC 5280, section 4.2).
public struct MessageExtension: Sendable {
    /// The DER of its object identifier.
    public let identifier: ArraySlice<UInt8>
    public let isCritical: Bool
    public let value: ArraySlice<UInt8>
}

extension [MessageExtension] {
    /// The value of the extension with this object identifier, in DER; nil without one.
    public func value(of identifier: [UInt8]) -> ArraySlice<UInt8>? {
        first { $0.identifier.elementsEqual(identifier) }?.value
    }
}

extension DERReader {
    /// The extensions in a SEQUENCE, which is read to its end.
    mutating func messageExtensions(_ place: String) throws(SyntaxFault) -> [MessageExtension] {
        var extensions: [MessageExtension] = []
        try forEach(.sequence, "extension") { entry throws(SyntaxFault) in
            let identifier = try entry.next(.objectIdentifier, "extnID").encoded
            let critical = try entry.optional(.boolean, "critical")
            // X.690, section 11.5: FALSE is the default and is not encoded.
            guard critical.map({ $0.contents.elementsEqual([0xFF]) }) ?? true else {
                throw SyntaxFault(place: entry.within("critical"), problem: "is not the TRUE of DER")
            }
            let value = try entry.next(.octetString, "extnValue").contents
            // No message has more than a few, and each is compared with the others.
            guard extensions.count < 32 else {
                throw SyntaxFault(place: place, problem: "has more than 32 extensions")
            }
            // RFC 5280, section 4.2: at most one instance of an extension.
            guard !extensions.contains(where: { $0.identifier == identifier }) else {
                throw SyntaxFault(place: place, problem: "has an extension twice")
            }
            extensions.append(
                MessageExtension(identifier: identifier, isCritical: critical != nil, value: value))
        }
        return extensions
    }
}
