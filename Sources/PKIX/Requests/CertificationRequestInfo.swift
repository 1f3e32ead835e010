internal import SwiftASN1
public import X509

/// A certification request before its signature (RFC 2986, section 4.1).
public struct CertificationRequestInfo: Sendable {
    /// DER of the subject's Name.
    public var subject: [UInt8]
    /// DER of the SubjectPublicKeyInfo.
    public var subjectPublicKeyInfo: [UInt8]
    /// The extensions of the extensionRequest attribute (RFC 2985, section 5.4.2).
    public var extensions: [Certificate.Extension]

    public init(subject: [UInt8], subjectPublicKeyInfo: [UInt8], extensions: [Certificate.Extension]) {
        self.subject = subject
        self.subjectPublicKeyInfo = subjectPublicKeyInfo
        self.extensions = extensions
    }

    /// The DER that is signed.
    public func derBytes() throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.appendConstructedNode(identifier: .sequence) { coder in
            // RFC 2986, section 4.1: version 1 is written 0.
            try coder.serialize(0)
            coder.serializeRawBytes(subject)
            coder.serializeRawBytes(subjectPublicKeyInfo)
            let request = ExtensionRequest(extensions: try Certificate.Extensions(extensions))
            let attributes = CertificateSigningRequest.Attributes([try .init(request)])
            try coder.appendConstructedNode(identifier: .init(tagWithNumber: 0, tagClass: .contextSpecific)) {
                set in
                for attribute in attributes {
                    try set.appendConstructedNode(identifier: .sequence) { coder in
                        try coder.serialize(attribute.oid)
                        try coder.serializeSetOf(attribute.values)
                    }
                }
            }
        }
        return serializer.serializedBytes
    }
}
