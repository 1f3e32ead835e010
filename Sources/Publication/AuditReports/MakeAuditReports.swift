internal import Audit
internal import Authorization
internal import Crypto
internal import Foundation
internal import Identifiers
internal import JSON
internal import Logging
internal import PKIX
public import RecordKeeping
internal import Storage

/// Makes the queued audit reports.
public struct MakeAuditReports: Sendable {
    let store: any AuditReportStore & CertificateStore & RevocationStore
    let recorder: Recorder
    let auditReports: AuditReports?
    let naming: ARNNaming
    let clock: Clock
    let logger: Logger

    /// Certificates that are read at once, because an authority may have issued a million.
    private static let page = 500

    /// Makes queued reports, one after the other, until its task is cancelled.
    public func callAsFunction() async {
        guard let auditReports else { return }
        for await job in auditReports.waiting { await make(job, auditReports.buckets) }
    }

    private func make(_ job: AuditReports.Job, _ buckets: any ReportBuckets) async {
        let outcome: AuditReportOutcome
        do {
            outcome = .success(try await write(job, to: buckets))
        } catch {
            let reason: String
            switch error {
            case _ where Task.isCancelled: reason = "the daemon stopped before the report was made"
            case let error as BucketError: reason = error.reason
            case let error as CAError: reason = error.description
            default: reason = "\(error)"
            }
            logger.error(
                "an audit report was not made",
                metadata: [
                    "report": "\(job.record.id)", "bucket": "\(job.record.bucket)",
                    "reason": "\(error is BucketError ? "\(error)" : reason)",
                ])
            outcome = .failure(reason)
        }
        do {
            try await conclude(job.record, outcome)
        } catch {
            // The report stays CREATING. The next start marks it FAILED.
            logger.critical(
                "the outcome of an audit report could not be recorded",
                metadata: ["report": "\(job.record.id)", "reason": "\(error)"])
        }
    }

    private func write(
        _ job: AuditReports.Job, to buckets: any ReportBuckets
    ) async throws -> WrittenReport {
        let object = try await buckets.begin(job.record.key, in: job.record.bucket)
        do {
            var digest = SHA256()
            var written = WrittenReport()
            func append(_ text: String) async throws {
                let bytes = Array(text.utf8)
                digest.update(data: bytes)
                try await object.append(bytes)
            }
            try await append(job.format.beginning)
            var last: CertificateRecord?
            while true {
                try Task.checkCancellation()
                let page = try await store.issuedCertificates(
                    of: job.record.certificateAuthority, after: last, limit: Self.page)
                guard !page.isEmpty else { break }
                var text = ""
                for certificate in page {
                    let revocation = try await revocation(of: certificate)
                    text += job.format.text(
                        try AuditReportEntry(certificate, revocation, naming),
                        isFirst: written.certificates == 0)
                    written.certificates += 1
                }
                try await append(text)
                last = page.last
            }
            try await append(job.format.end)
            try await object.finish()
            written.digest = hexadecimal(digest.finalize())
            return written
        } catch {
            await object.abandon()
            throw error
        }
    }

    private func revocation(of record: CertificateRecord) async throws(StorageError) -> RevocationRecord? {
        guard let serialNumber = octets(hexadecimal: record.serialNumber) else { return nil }
        return try await store.revocation(
            serialNumber: Array(serialNumber.drop { $0 == 0 }), of: record.certificateAuthority)
    }

    /// Records the outcome of a report with its event.
    private func conclude(_ report: AuditReportRecord, _ outcome: AuditReportOutcome) async throws(CAError) {
        var details: JSONObject = [
            "certificateAuthorityArn": .string(
                naming.certificateAuthority(report.certificateAuthority).description),
            "auditReportId": .string(report.id), "s3BucketName": .string(report.bucket),
            "s3Key": .string(report.key),
        ]
        let status: AuditReportRecord.Status
        switch outcome {
        case .success(let written):
            status = .success
            details["certificates"] = .integer(Int64(written.certificates))
            details["sha256"] = .string(written.digest)
        case .failure(let reason):
            status = .failed
            details["statusReason"] = .string(reason)
        }
        details["status"] = .string(status.rawValue)
        try await recorder.commit([
            .concludeAuditReport(id: report.id, status),
            .append(.service(.auditReportOutcome, scope: naming.scope, time: clock.now(), details: details)),
        ])
    }

    /// Marks reports FAILED that the end of the daemon interrupted, and removes their unfinished files.
    public func concludeInterrupted() async throws(CAError) {
        let unfinished: [AuditReportRecord]
        do { unfinished = try await store.unfinishedAuditReports() } catch { throw .storage(error) }
        for report in unfinished {
            do {
                if let buckets = auditReports?.buckets, buckets.contains(report.bucket) {
                    try await buckets.discardUnfinished(report.key, in: report.bucket)
                }
            } catch {
                logger.warning(
                    "what was written of an audit report could not be taken away",
                    metadata: ["report": "\(report.id)", "reason": "\(error)"])
            }
            try await conclude(report, .failure("the daemon stopped before the report was made"))
            logger.warning("an audit report was not made completely", metadata: ["report": "\(report.id)"])
        }
    }
}

/// The outcome of making a report.
private enum AuditReportOutcome {
    case success(WrittenReport)
    case failure(String)
}

/// The facts about a completed report.
private struct WrittenReport {
    var certificates = 0
    /// SHA-256 of the whole object, in hexadecimal.
    var digest = ""
}
