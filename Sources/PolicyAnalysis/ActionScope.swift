public import Authorization

extension Action {
    /// Whether requests for it are about a certificate authority; the others are about `*`.
    public var isAboutAuthority: Bool { scope != .daemon }

    /// Whether there are requests for it about `*` as well.
    var isAlsoAboutNone: Bool { scope == .either }

    /// Whether requests for it name a template.
    public var namesTemplate: Bool { self == .issueCertificate }
}
