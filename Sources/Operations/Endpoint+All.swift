extension Endpoint {
    /// Every operation.
    static let all: [Endpoint] =
        AuthorityOperations.all
        + CertificateOperations.all
        + TemplateOperations.all
        + PolicyOperations.all
        + TagOperations.all
        + TokenOperations.all
        + ApprovalOperations.all
        + RulebookOperations.all
        + LogOperations.all
        + RevocationOperations.all
        + JobOperations.all
        + AuditReportOperations.all
        + CallerOperations.all

    /// Every operation by its name.
    static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}
