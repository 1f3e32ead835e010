public import PKIX
public import X509

/// What a request brings beside its CSR (API reference, `ApiPassthrough`): encoded, and nothing in it is believed yet.
public struct APIPassthrough: Sendable, Hashable {
    /// Takes the place of the CSR's as a whole.
    public var subject: SubjectAttributes?
    public var subjectAlternativeNames: [GeneralName]?
    /// The other extensions in the order in which they are to stand.
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
