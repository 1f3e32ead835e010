internal import ArgumentParser
internal import Audit
internal import Authorization
internal import Foundation
internal import Identifiers
internal import JSON
internal import PKIX
internal import SQLiteStorage
internal import Signing
internal import Storage

/// Fills the database of a daemon that does not run, through the store it uses: certificates with three
/// events each, as IssueCertificate leaves them. Their bodies mean nothing; nothing here can sign.
struct FillBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fill", abstract: "Fills a database with certificates and their events.")

    @Option(help: "The daemon's database.") var database: String
    @Option(help: "The ARN of an authority in it.") var ca: String
    @Option(help: "How many certificates.") var count = 1_000_000

    func run() async throws {
        guard let authority = ARN(ca) else { throw ValidationError("not an ARN") }
        let store = try SQLiteStore(path: database)
        let start = ContinuousClock.now
        let batch = 2000
        for first in stride(from: 0, to: count, by: batch) {
            let changes = (first..<min(first + batch, count)).flatMap { _ in Self.issuance(by: authority) }
            try await store.commit(changes)
            if first % 50_000 == 0 {
                let seconds = (ContinuousClock.now - start) / .seconds(1)
                FileHandle.standardError.write(
                    Data("filled \(first) of \(count), \(Int(Double(first) / seconds)) a second\n".utf8))
            }
        }
    }

    private static func issuance(by authority: ARN) -> [Change] {
        var generator = SystemRandomNumberGenerator()
        func random(_ count: Int) -> [UInt8] {
            (0..<count / 8).flatMap { _ in withWord(generator.next()) }
        }
        let serialNumber = hexadecimal(random(16))
        let body = random(16) + [UInt8](repeating: 0x5A, count: 584)
        let scope = AuditScope(account: authority.account, region: authority.region)
        let now = Date()
        let intent = SignatureIntent(
            purpose: .certificate, digest: random(32), keyIdentifier: random(16),
            certificateAuthority: authority, serialNumber: serialNumber, requestID: timeOrderedUUID(at: now),
            time: now)
        let record = CertificateRecord(
            serialNumber: serialNumber,
            certificateAuthority: String(authority.resource.split(separator: "/")[1]),
            status: .reserved, templateARN: "arn:aws:acm-pca:::template/EndEntityCertificate/V1",
            requester: "arn:aws:iam::000000000000:role/benchmark", requestedAt: now, notAfter: now + 86_400)
        func event(_ event: ServiceEvent) -> AuditEvent {
            .service(event, scope: scope, time: now, details: ["tbsCertificate": .string(hexadecimal(body))])
        }
        return [
            .reserveSerialNumber(record), .append(intent.event(scope: scope)),
            .concludeCertificate(
                serialNumber: serialNumber, .issued(body), outcome: event(.signatureOutcome)),
            .append(event(.issueCertificateDetails)),
        ]
    }

    private static func withWord(_ word: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }
}
