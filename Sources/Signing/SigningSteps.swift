public import Audit
public import Foundation
public import Storage

/// What a use case commits before and after one signature. ``SigningCycle`` adds the intent, its end and the event of the
/// call.
public protocol SigningSteps: Sendable {
    /// Committed with the intent, all or nothing: a serial number, an idempotency token.
    var claims: [Change] { get }

    /// Committed when the signature was made and verified.
    /// - Parameter signed: DER of the signed object
    func changes(signed: [UInt8], _ intent: SignatureIntent, at time: Date) -> [Change]

    /// Committed when no signature was made or released.
    /// - Parameter outcome: the event of that, which the changes must add to the log
    func changes(failed outcome: AuditEvent) -> [Change]
}
