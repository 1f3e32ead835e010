internal import DequeModule
internal import PKIX
internal import Synchronization

/// The responses that serve many requests, by the certificates they are about.
///
/// When an authority publishes another CRL, the responses that it contradicts are removed. So a revocation is
/// answered as soon as it is published.
final class StatusCache: Sendable {
    private struct State {
        var responses: [CertificateID: CachedResponse] = [:]
        /// The certificates of the responses by authority and serial number. One certificate has a name for
        /// each hash function.
        var certificates: [String: [[UInt8]: Set<CertificateID>]] = [:]
        /// Increased with each CRL of an authority.
        var generations: [String: UInt64] = [:]
        /// The responses in the order in which they came, with those that are gone.
        var order: Deque<(certificate: CertificateID, readAt: Int64)> = []
        var octets = 0
        var hits: UInt64 = 0
    }

    private let state = Mutex(State())
    private let mostOctets: Int

    /// Octets of a response's entry besides the response.
    private static let overhead = 700

    /// - Parameter mostOctets: of all responses together
    init(mostOctets: Int) { self.mostOctets = mostOctets }

    var count: Int { state.withLock { $0.responses.count } }
    var hits: UInt64 { state.withLock { $0.hits } }

    func response(for certificate: CertificateID, at now: Int64) -> CachedResponse? {
        state.withLock { state in
            guard let response = state.responses[certificate] else { return nil }
            guard response.isValid(at: now) else {
                Self.remove(certificate, &state)
                return nil
            }
            state.hits += 1
            return response
        }
    }

    /// A moment in the order of CRLs. A response that was asked for before it may be older than a CRL after
    /// it.
    func generations() -> [String: UInt64] { state.withLock { $0.generations } }

    /// Keeps a response unless its authority published a CRL since `before`.
    func keep(_ response: CachedResponse, askedAt before: [String: UInt64]) {
        state.withLock { state in
            guard state.generations[response.authority] == before[response.authority] else { return }
            Self.remove(response.certificate, &state)
            let size = response.octets.count + Self.overhead
            while state.octets + size > mostOctets, let oldest = state.order.popFirst() {
                if state.responses[oldest.certificate]?.readAt == oldest.readAt {
                    Self.remove(oldest.certificate, &state)
                }
            }
            guard state.octets + size <= mostOctets else { return }
            state.octets += size
            state.order.append((response.certificate, response.readAt))
            // Renewed responses leave their places behind.
            if state.order.count > 2 * state.responses.count + 1024 {
                let responses = state.responses
                state.order.removeAll { responses[$0.certificate]?.readAt != $0.readAt }
            }
            state.responses[response.certificate] = response
            if let serialNumber = response.certificate.serialNumber {
                state.certificates[response.authority, default: [:]][serialNumber, default: []]
                    .insert(response.certificate)
            }
        }
    }

    func remove(_ certificate: CertificateID) { state.withLock { Self.remove(certificate, &$0) } }

    /// Removes the responses that another CRL contradicts.
    /// - Parameter list: the CRL; nil for one that cannot be read, which removes all responses
    func supersede(_ authority: String, by list: CertificateList?) {
        // The entries are looked up outside the lock, because a CRL can have a million.
        let known = state.withLock { state in
            state.generations[authority, default: 0] += 1
            return state.certificates[authority] ?? [:]
        }
        var removed: [CertificateID] = []
        if let list {
            list.forEachEntry { entry in
                if let certificates = known[Array(entry.serialNumber)] { removed += certificates }
            }
        } else {
            removed = known.values.flatMap(\.self)
        }
        state.withLock { state in
            for certificate in removed where state.responses[certificate]?.isRevoked == false {
                Self.remove(certificate, &state)
            }
        }
    }

    private static func remove(_ certificate: CertificateID, _ state: inout State) {
        guard let response = state.responses.removeValue(forKey: certificate) else { return }
        state.octets -= response.octets.count + overhead
        guard let serialNumber = certificate.serialNumber else { return }
        state.certificates[response.authority]?[serialNumber]?.remove(certificate)
        if state.certificates[response.authority]?[serialNumber]?.isEmpty == true {
            state.certificates[response.authority]?[serialNumber] = nil
        }
    }
}
