public import Audit

/// A store that makes changes. Everything in one commit is durable, or nothing is.
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
