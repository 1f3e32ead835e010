public import Audit

/// A store that commits changes. Either all changes of a commit are durable, or none is.
public protocol ChangeStore: EventStore where Entry == Change, Failure == StorageError {}

extension ChangeStore {
    public static func adding(_ event: AuditEvent) -> Change { .append(event) }

    public static func event(addedBy change: Change) -> AuditEvent? {
        switch change {
        case .append(let event), .concludeCertificate(_, _, let event): event
        default: nil
        }
    }
}
