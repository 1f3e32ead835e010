internal import Audit
internal import Authorization
internal import Foundation
internal import JSON
internal import Logging
internal import RecordKeeping

extension APIService {
    /// Reloads the policies after SIGHUP, and records the result.
    public func reload() async {
        let scope = context.useCases.settings.naming.scope
        do {
            try await context.reload { rulebook, previous in
                try await context.useCases.recorder.record(
                    .service(
                        .policyReloaded, scope: scope, time: Date(),
                        details: ["digest": .string(rulebook.digest), "previousDigest": .string(previous)]))
            }
        } catch let failure as ReloadFailure {
            let event = AuditEvent.service(
                .policyReloadFailed, scope: scope, time: Date(),
                details: [
                    "digest": .string(context.policy.rulebook.digest),
                    "statusReason": .string(failure.reason),
                ])
            do { try await context.useCases.recorder.record(event) } catch {
                context.logger.critical(
                    "a reload could not be recorded", metadata: ["reason": "\(error)"])
            }
        } catch {
            context.logger.critical("a reload could not be recorded", metadata: ["reason": "\(error)"])
        }
    }
}
