/// A record that is replaced as a whole. The store counts its changes, so that of two updates that began with
/// the same record the second is refused.
public protocol RevisedRecord: Sendable {
    /// How often the record was changed. An update has the revision of the record that it began with.
    var revision: Int64 { get set }
}

extension RevisedRecord {
    /// The record as the store has it when it was updated with this one.
    public func updated() -> Self {
        var record = self
        record.revision += 1
        return record
    }
}

extension CertificateAuthorityRecord: RevisedRecord {}
extension ApprovalRecord: RevisedRecord {}
