/// A record that is replaced as a whole. The store counts its revisions, so that the second of two updates of
/// the same revision is refused.
public protocol RevisedRecord: Sendable {
    /// The number of changes. An update carries the revision of the record that it is based on.
    var revision: Int64 { get set }
}

extension RevisedRecord {
    /// The record as stored after an update with this one.
    public func updated() -> Self {
        var record = self
        record.revision += 1
        return record
    }
}

extension CertificateAuthorityRecord: RevisedRecord {}
extension ApprovalRecord: RevisedRecord {}
