public import Audit
public import Foundation
public import Storage

/// The changes that a use case commits before and after one signature. ``SigningCycle`` adds the intent, its
/// outcome and the event of the call.
public protocol SigningSteps: Sendable {
    /// Changes committed together with the intent, such as a reserved serial number and an idempotency token.
    var claims: [Change] { get }

    /// Changes committed after the signature was made and verified.
    /// - Parameter signed: DER of the signed object
    func changes(signed: [UInt8], _ intent: SignatureIntent, at time: Date) -> [Change]

    /// Changes committed when no signature was made or released.
    /// - Parameter outcome: the event of the failure, which the changes must add to the log
    func changes(failed outcome: AuditEvent) -> [Change]
}
