public import Authorization

extension Action {
    /// Whether the resource of its requests is a certificate authority. The resource of other actions is `*`.
    public var isAboutAuthority: Bool { scope != .daemon }

    /// Whether its requests can also have the resource `*`.
    var isAlsoAboutNone: Bool { scope == .either }

    /// Whether its requests name a template.
    public var namesTemplate: Bool { self == .issueCertificate }
}
