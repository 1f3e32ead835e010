internal import Foundation
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import PKIX
internal import Synchronization

/// Answers relying parties from the published directory, from the responses that are kept, and else from the
/// daemon.
final class Distributor: Sendable {
    let cache: StatusCache
    let watch: PublishedDirectoryWatch
    private let documents: Documents
    private let live: LiveRequests
    private let source: any StatusSource
    private let standing: SourceStanding
    private let counters = DistributionCounters()
    /// Seconds since 1970.
    private let now: @Sendable () -> Int64
    /// Requests to the daemon whose answer serves many.
    private let asked = Mutex<[CertificateID: Task<DistributionAnswer, Never>]>([:])

    init(
        directory: String, source: any StatusSource, limits: DistributionLimits, logger: Logger,
        now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }
    ) {
        cache = StatusCache(mostOctets: limits.cacheOctets)
        watch = PublishedDirectoryWatch(directory: directory, cache: cache, logger: logger)
        documents = Documents(directory: directory)
        live = LiveRequests(limits: limits)
        standing = SourceStanding(logger: logger)
        self.source = source
        self.now = now
    }

    /// The answer that needs neither a file nor the daemon; nil for every other request.
    func immediateAnswer(to request: DistributionRequest, from address: SourceAddress) -> DistributionAnswer?
    {
        switch request {
        case .live: return .text(.ok, "live\n")
        case .metrics: return .text(.ok, counters.text(cache, isDaemonAway: standing.awaySince != nil))
        case .notFound:
            return .text(.notFound, "there are /crl, /ca, OCSP at / and /ocsp, /health and /metrics\n")
        case .methodNotAllowed:
            var answer = DistributionAnswer.text(.methodNotAllowed, "the methods are GET, HEAD and POST\n")
            answer.fields.append(("Allow", "GET, HEAD, POST"))
            return answer
        case .malformedStatus:
            counters.count(.malformed)
            return .status(.malformedRequest)
        case .ready, .list, .partition, .certificate: return nil
        case .status(let octets):
            guard let request = try? OCSPRequest(derEncoded: octets) else {
                counters.count(.malformed)
                return .status(.malformedRequest)
            }
            guard let certificate = Self.shared(request),
                let response = cache.response(for: certificate, at: now())
            else { return nil }
            if response.isDue(at: now()) {
                // It is not given out again before the daemon was asked, unless the daemon is away.
                guard standing.awaySince != nil else { return nil }
                if standing.isProbeDue(at: now()) { _ = task(for: certificate) }
            }
            counters.count(.cached)
            return .status(response, at: now())
        }
    }

    /// The answer to any request.
    func answer(to request: DistributionRequest, from address: SourceAddress) async -> DistributionAnswer {
        if let answer = immediateAnswer(to: request, from: address) { return answer }
        switch request {
        case .ready: return await ready()
        case .list(let id):
            counters.count(.list)
            let until = watch.list(of: id)?.nextUpdate?.secondsSinceEpoch
            return await documents.answer(
                "crl/\(id).crl", "application/pkix-crl", since: watch.list(of: id)?.thisUpdate,
                until: until ?? 0, at: now())
        case .partition(let path):
            counters.count(.list)
            return await documents.answer(path, "application/pkix-crl", since: nil, until: 0, at: now())
        case .certificate(let id):
            counters.count(.certificate)
            return await documents.answer(
                "ca/\(id).cer", "application/pkix-cert", since: nil, until: .max / 2, at: now())
        case .status(let octets): return await status(octets, address)
        default: return .text(.notFound, "there is nothing here\n")
        }
    }

    /// The certificate of a request whose answer serves every request for it; nil for others.
    private static func shared(_ request: OCSPRequest) -> CertificateID? {
        request.nonce == nil && request.certificates.count == 1 ? request.certificates[0] : nil
    }

    private func status(_ octets: [UInt8], _ address: SourceAddress) async -> DistributionAnswer {
        guard let request = try? OCSPRequest(derEncoded: octets) else { return .status(.malformedRequest) }
        guard await live.enter(address, cost: request.certificates.count) else {
            counters.count(.limited)
            return kept(for: request) ?? .status(.tryLater)
        }
        defer { live.leave() }
        counters.count(.live)
        if let certificate = Self.shared(request) { return await task(for: certificate).value }
        do {
            let response = try await source.response(to: octets)
            standing.answered(response.octets, at: now())
            return .status(response.octets)
        } catch {
            standing.failed(error, at: now())
            return kept(for: request) ?? .status(.tryLater)
        }
    }

    /// A response without the nonce of the request, which a responder may leave out (RFC 9654, section 2.1).
    private func kept(for request: OCSPRequest) -> DistributionAnswer? {
        guard request.certificates.count == 1 else { return nil }
        return cache.response(for: request.certificates[0], at: now()).map { .status($0.octets) }
    }

    /// One request to the daemon for all that wait for the same answer.
    private func task(for certificate: CertificateID) -> Task<DistributionAnswer, Never> {
        asked.withLock { asked in
            if let task = asked[certificate] { return task }
            let task = Task { await ask(about: certificate) }
            asked[certificate] = task
            return task
        }
    }

    private func ask(about certificate: CertificateID) async -> DistributionAnswer {
        defer { asked.withLock { $0[certificate] = nil } }
        let before = cache.generations()
        do {
            let response = try await source.response(to: OCSPRequest.encoded(certificate))
            let now = now()
            standing.answered(response.octets, at: now)
            guard let kept = CachedResponse(response, for: certificate, at: now) else {
                // The daemon cannot tell now: what is kept is still true. Anything else replaces it.
                if OCSPResponse.isTemporary(response.octets) {
                    return cache.response(for: certificate, at: now).map { .status($0, at: now) }
                        ?? .status(response.octets)
                }
                cache.remove(certificate)
                return .status(response.octets)
            }
            cache.keep(kept, askedAt: before)
            return .status(kept, at: now)
        } catch {
            standing.failed(error, at: now())
            return cache.response(for: certificate, at: now()).map { .status($0, at: now()) }
                ?? .status(.tryLater)
        }
    }

    private func ready() async -> DistributionAnswer {
        let now = now()
        guard watch.look() else {
            return .text(.serviceUnavailable, "not ready: the published directory cannot be read\n")
        }
        var reasons: [String] = []
        if let since = standing.awaySince {
            reasons.append("the daemon has given no status for \(max(0, now - since)) seconds")
        }
        let ended = watch.lists.filter { ($0.nextUpdate?.secondsSinceEpoch ?? 0) <= now }.count
        if ended > 0 { reasons.append("\(ended) CRLs have ended") }
        let gone = watch.goneCount
        if gone > 0 { reasons.append("\(gone) CRLs are gone") }
        if let oldest = watch.lists.compactMap(\.thisUpdate?.secondsSinceEpoch).min(), !reasons.isEmpty {
            reasons.append("the oldest CRL was issued \(max(0, now - oldest)) seconds ago")
        }
        return .text(.ok, reasons.isEmpty ? "ready\n" : "degraded: \(reasons.joined(separator: ", "))\n")
    }
}
