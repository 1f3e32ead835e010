public import PKIX
public import X509

/// The part of a request outside of its CSR (API reference, `ApiPassthrough`), encoded but not validated yet.
public struct APIPassthrough: Sendable, Hashable {
    /// Replaces the whole subject of the CSR.
    public var subject: SubjectAttributes?
    public var subjectAlternativeNames: [GeneralName]?
    /// The other extensions in their order in the certificate.
    public var extensions: [Certificate.Extension]

    public init(
        subject: SubjectAttributes? = nil, subjectAlternativeNames: [GeneralName]? = nil,
        extensions: [Certificate.Extension] = []
    ) {
        self.subject = subject
        self.subjectAlternativeNames = subjectAlternativeNames
        self.extensions = extensions
    }
}
