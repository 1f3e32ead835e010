internal import Approvals
internal import AuditLog
internal import Authorities
internal import Foundation
internal import Jobs
internal import Logging
internal import Operations
internal import Publication
internal import RecordKeeping
internal import ServiceLifecycle
internal import Synchronization
internal import WitnessClient

/// Runs the daemon's jobs until it stops.
struct JobRunner: Service {
    let scheduler: Scheduler
    let checkpoints: LogCheckpoints
    let witnesses: [HTTPWitness]

    func run() async throws {
        await cancelWhenGracefulShutdown { await scheduler.run() }
        checkpoints.end()
        for witness in witnesses { await witness.shutdown() }
        // The daemon ends when a service ends before it is asked to.
        try await gracefulShutdown()
    }
}

/// The jobs of the daemon.
struct DaemonJobs {
    let useCases: UseCases
    let witnesses: [HTTPWitness]
    let logger: Logger

    var all: [Job] {
        [resumeRecord, endApprovals, publishLists, renewResponders, endStatusBatches]
            + (useCases.auditLog.checkpoints.isNamed ? [signCheckpoints] : [])
            + (witnesses.isEmpty ? [] : [collectCosignatures])
    }

    private static func later(_ seconds: TimeInterval) -> Date { Date(timeIntervalSinceNow: seconds) }

    /// While the log cannot be written, tries again every second, so that the daemon recovers without a
    /// restart.
    private var resumeRecord: Job {
        Job("resume-record") { [useCases] in
            // The reason is in `/health/ready` and in the answers to requests.
            _ = try? await useCases.resumeRecord()
            return .init(next: Self.later(1))
        }
    }

    /// Expires overdue requests for approval, and removes those that ended long ago.
    private var endApprovals: Job {
        Job("end-approvals") { [useCases] in
            try await useCases.approvals.endApprovals.expireOverdue()
            try await useCases.approvals.endApprovals.removeEnded()
            return .init(next: Self.later(60))
        }
    }

    /// Publishes CRLs that are due.
    private var publishLists: Job {
        let publish = useCases.publication.publishCertificateLists
        return Job("publish-crls", wokenBy: publish.dueLists.arrivals) {
            let next = try await publish()
            return .init(next: min(next, Self.later(3600)), problem: await publish.problem)
        }
    }

    /// Makes and renews the keys and certificates of OCSP responders.
    private var renewResponders: Job {
        let maintain = useCases.publication.maintainResponders
        return Job("renew-responders", wokenBy: maintain.dueResponders.arrivals) {
            let next = try await maintain()
            return .init(next: min(next, Self.later(3600)), problem: await maintain.problem)
        }
    }

    /// Records the ends of batches of OCSP responses.
    private var endStatusBatches: Job {
        Job("end-status-batches") { [end = useCases.publication.endStatusBatches] in
            .init(next: await end())
        }
    }

    /// Signs a checkpoint of the log every second in which events were added, so that they cannot be removed
    /// unnoticed.
    private var signCheckpoints: Job {
        Job("sign-checkpoints", longestPause: 5) { [useCases] in
            try await useCases.auditLog.checkpoints.sign()
            return .init(next: Self.later(1))
        }
    }

    /// Has the witnesses cosign every new checkpoint.
    private var collectCosignatures: Job {
        let standings = Mutex(witnesses.map { _ in WitnessStanding() })
        return Job("collect-cosignatures", longestPause: 5) { [useCases, witnesses, logger] in
            let before = standings.withLock { $0 }
            var standing = before
            defer { standings.withLock { $0 = standing } }
            try await useCases.auditLog.cosignCheckpoint(with: witnesses, standing: &standing)
            for (index, witness) in witnesses.enumerated() {
                Self.tell(witness.name, before[index].fault, standing[index].fault, logger)
            }
            return .init(next: Self.later(1))
        }
    }

    /// Logs a change of a witness's state once.
    private static func tell(
        _ name: String, _ before: WitnessFault?, _ fault: WitnessFault?, _ logger: Logger
    ) {
        switch (before, fault) {
        case (nil, let fault?):
            logger.error("a witness does not cosign", metadata: ["witness": "\(name)", "reason": "\(fault)"])
        case (.some, nil): logger.notice("a witness cosigns again", metadata: ["witness": "\(name)"])
        default: break
        }
    }
}
