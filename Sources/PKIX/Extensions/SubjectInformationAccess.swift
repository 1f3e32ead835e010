public import SwiftASN1
public import X509

/// The locations of a subject's services (RFC 5280, section 4.2.2.2).
public struct SubjectInformationAccess: Sendable, Hashable {
    public struct AccessDescription: Sendable, Hashable {
        public var method: ASN1ObjectIdentifier
        public var location: GeneralName

        public init(method: ASN1ObjectIdentifier, location: GeneralName) {
            self.method = method
            self.location = location
        }
    }

    public var descriptions: [AccessDescription]

    public init(_ descriptions: [AccessDescription]) { self.descriptions = descriptions }

    /// RFC 5280, section 4.2.2.2
    public static let caRepository: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 48, 5]
    /// RFC 6487, section 4.8.8.1
    public static let resourcePKIManifest: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 48, 10]
    /// RFC 8182, section 3.2
    public static let resourcePKINotify: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 48, 13]

    /// Throws when `entry` is another extension or does not parse.
    public init(_ entry: Certificate.Extension) throws {
        guard entry.oid == .X509ExtensionID.subjectInformationAccess else {
            throw ASN1Error.invalidASN1Object(reason: "not subjectInfoAccess", file: "", line: 0)
        }
        descriptions = try DER.sequence(DER.parse(entry.value), identifier: .sequence) { nodes in
            var list: [AccessDescription] = []
            while let node = nodes.next() {
                list.append(
                    try DER.sequence(node, identifier: .sequence) { parts in
                        AccessDescription(
                            method: try ASN1ObjectIdentifier(derEncoded: &parts),
                            location: try GeneralName(derEncoded: &parts))
                    })
            }
            return list
        }
    }

    /// The extension, which is not critical (RFC 5280, section 4.2.2.2).
    public func makeExtension() throws -> Certificate.Extension {
        var serializer = DER.Serializer()
        try serializer.appendConstructedNode(identifier: .sequence) { list in
            for description in descriptions {
                try list.appendConstructedNode(identifier: .sequence) { coder in
                    try coder.serialize(description.method)
                    try coder.serialize(description.location)
                }
            }
        }
        return Certificate.Extension(
            oid: .X509ExtensionID.subjectInformationAccess, critical: false,
            value: serializer.serializedBytes[...])
    }
}
