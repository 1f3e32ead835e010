import Crypto
import Foundation
import Logging
internal import NIOCore
import PKIX
import Synchronization
import TestSupport

@testable import Distribution

/// A daemon that answers as a test says.
final class SourceStub: StatusSource {
    struct Away: Error {}

    private struct State {
        var statuses: [[UInt8]: CertificateStatus] = [:]
        var isAway = false
        var triesLater = false
        var requests: [[UInt8]] = []
        var gate: AsyncStream<Void>?
    }

    private let state = Mutex(State())
    private let now: ManualSeconds

    init(now: ManualSeconds) { self.now = now }

    /// The requests so far.
    var requests: [[UInt8]] { state.withLock { $0.requests } }

    /// The status of every certificate that is not good.
    func set(_ status: CertificateStatus, of serialNumber: [UInt8]) {
        state.withLock { $0.statuses[serialNumber] = status }
    }

    /// Has it answer that it cannot tell now.
    func setTryingLater(_ triesLater: Bool) { state.withLock { $0.triesLater = triesLater } }

    func setAway(_ isAway: Bool) { state.withLock { $0.isAway = isAway } }

    /// Has the next requests wait until the stream has an element.
    func wait(for gate: AsyncStream<Void>) { state.withLock { $0.gate = gate } }

    func response(to request: [UInt8]) async throws -> StatusResponse {
        let (isAway, statuses, gate) = state.withLock { state in
            state.requests.append(request)
            return (state.isAway, state.statuses, state.gate)
        }
        if let gate { for await _ in gate { break } }
        if isAway { throw Away() }
        if state.withLock({ $0.triesLater }) {
            return StatusResponse(octets: OCSPResponse.encoded(.tryLater), authority: Fixture.authority)
        }
        let read = try OCSPRequest(derEncoded: request)
        let begin = now.time(-300)
        let end = now.time(3600)
        let data = ResponseData(
            responderKeyHash: [UInt8](repeating: 7, count: 20),
            producedAt: now.time(),
            responses: read.certificates.map {
                SingleResponse(
                    $0, statuses[$0.serialNumber ?? []] ?? .good, thisUpdate: begin, nextUpdate: end)
            }, nonce: read.nonce, hasExtendedRevoked: false)
        let signed = SignedObject.assemble(tbs: data.derBytes, algorithm: .sha256WithECDSA, signature: [1])
        return StatusResponse(
            octets: OCSPResponse.encoded(signed, certificates: []), authority: Fixture.authority)
    }
}

/// A clock that tests set, in seconds since 1970.
final class ManualSeconds: Sendable {
    private let seconds = Mutex<Int64>(1_800_000_000)

    var value: Int64 { seconds.withLock { $0 } }

    /// The time so many seconds from now.
    func time(_ seconds: Int64 = 0) -> CivilTime {
        guard let time = CivilTime(secondsSinceEpoch: value + seconds) else {
            preconditionFailure("a test is beyond the year 9999")
        }
        return time
    }

    func advance(_ count: Int64) { seconds.withLock { $0 += count } }
}

/// A distributor with a published directory and a daemon that answers as a test says.
struct Fixture {
    static let authority = "0f0f0f0f-0000-4000-8000-0123456789ab"
    let directory: TemporaryDirectory
    let time = ManualSeconds()
    let source: SourceStub
    let distributor: Distributor
    let address = SourceAddress(nil)

    init(limits: DistributionLimits = DistributionLimits()) throws {
        directory = try TemporaryDirectory()
        source = SourceStub(now: time)
        distributor = Distributor(
            directory: directory.path, source: source, limits: limits,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            now: { [time] in time.value })
        for name in ["crl", "ca"] {
            try FileManager.default.createDirectory(
                atPath: directory.path(name), withIntermediateDirectories: false)
        }
    }

    static func certificate(
        _ serialNumber: [UInt8], _ algorithm: CertificateID.HashAlgorithm = .sha1
    ) -> CertificateID {
        // The issuer's key is that of RFC 8032, section 7.1, test 1.
        let point: [UInt8] = [
            0xD7, 0x5A, 0x98, 0x01, 0x82, 0xB1, 0x0A, 0xB7, 0xD5, 0x4B, 0xFE, 0xD3, 0xC9, 0x64, 0x07, 0x3A,
            0x0E, 0xE1, 0x72, 0xF3, 0xDA, 0xA6, 0x23, 0x25, 0xAF, 0x02, 0x1A, 0x68, 0xF7, 0x07, 0x51, 0x1A,
        ]
        guard let key = try? SubjectPublicKey(ed25519: point) else {
            preconditionFailure("the key of RFC 8032 does not parse")
        }
        return CertificateID(
            CertificateID.Issuer(algorithm, name: [0x30, 0x00], publicKey: key), serialNumber: serialNumber)
    }

    /// Publishes a CRL with these serial numbers, and has the distributor look.
    func publish(_ serialNumbers: [[UInt8]], number: UInt8 = 1) throws {
        let now = time.time()
        let list = TBSCertificateList(
            signatureAlgorithm: .sha256WithECDSA, issuer: [0x30, 0x00], thisUpdate: now,
            nextUpdate: time.time(86_400),
            revoked: RevokedCertificates(
                serialNumbers.map { .init(serialNumber: $0, revocationDate: now, reason: nil) }),
            authorityKeyIdentifier: [1], number: [number])
        try publish(
            octets: SignedObject.assemble(
                tbs: try list.derBytes(), algorithm: .sha256WithECDSA, signature: [1]))
    }

    func publish(octets: [UInt8]) throws {
        let path = directory.path("crl/\(Self.authority).crl")
        try Data(octets).write(to: URL(fileURLWithPath: path), options: .atomic)
        distributor.watch.look()
    }

    func ask(_ certificate: CertificateID, nonce: [UInt8]? = nil) async -> DistributionAnswer {
        await distributor.answer(
            to: .status(OCSPRequest.encoded(certificate, nonce: nonce)), from: address)
    }

    func status(_ certificate: CertificateID, nonce: [UInt8]? = nil) async -> CertificateStatus? {
        let answer = await ask(certificate, nonce: nonce)
        guard
            case .basic(let basic)? = try? OCSPResponse.read(derEncoded: Array(answer.body.readableBytesView))
        else { return nil }
        return basic.responses.first?.status
    }
}
