public import Foundation

extension CertificateAuthorityRecord {
    /// The changes of an authority's state.
    public enum StateChange: String, Sendable, CaseIterable {
        /// A key whose adoption failed is adopted again.
        case adoptAgain
        /// The authority has a key and its CSR.
        case awaitCertificate
        /// The same, with a certificate from a ceremony.
        case adopt
        /// A first or a new certificate is imported.
        case activate
        case disable
        case enable
        case fail
    }

    private static func transition(of change: StateChange) -> StateTransition<Status> {
        switch change {
        case .adoptAgain: StateTransition(from: [.failed], to: .creating)
        case .awaitCertificate: StateTransition(from: [.creating], to: .pendingCertificate)
        case .adopt: StateTransition(from: [.creating], to: .active)
        case .activate: StateTransition(from: [.pendingCertificate, .active], to: .active)
        case .disable: StateTransition(from: [.active], to: .disabled)
        case .enable: StateTransition(from: [.disabled], to: .active)
        case .fail: StateTransition(from: [.creating], to: .failed)
        }
    }

    public func allows(_ change: StateChange) -> Bool {
        Self.transition(of: change).origins.contains(status)
    }

    private mutating func change(_ change: StateChange, at time: Date) throws(IllegalStateChange) {
        try Self.transition(of: change).apply(to: &status, for: change.rawValue)
        lastStateChangeAt = time
    }

    /// Prepares a failed authority for another adoption. Its policy, permissions, tags and revocation
    /// configuration are removed.
    public mutating func adoptAgain(at time: Date) throws(IllegalStateChange) {
        try change(.adoptAgain, at: time)
        policy = nil
        permissions = []
        tags = [:]
        revocation = RevocationConfiguration()
    }

    public mutating func awaitCertificate(at time: Date) throws(IllegalStateChange) {
        try change(.awaitCertificate, at: time)
    }

    /// - Parameters:
    ///   - certificate: DER
    ///   - chain: DER, from the issuer's certificate up to the root's; empty for a root
    public mutating func adopt(
        certificate: [UInt8], chain: [[UInt8]], at time: Date
    ) throws(IllegalStateChange) {
        try change(.adopt, at: time)
        self.certificate = certificate
        self.chain = chain
    }

    /// - Parameters:
    ///   - certificate: DER
    ///   - chain: DER, from the issuer's certificate up to the root's; empty for a root
    public mutating func activate(
        certificate: [UInt8], chain: [[UInt8]], at time: Date
    ) throws(IllegalStateChange) {
        try change(.activate, at: time)
        self.certificate = certificate
        self.chain = chain
    }

    /// Stops issuance. CRLs are still made.
    public mutating func disable(at time: Date) throws(IllegalStateChange) { try change(.disable, at: time) }

    public mutating func enable(at time: Date) throws(IllegalStateChange) { try change(.enable, at: time) }

    public mutating func fail(at time: Date) throws(IllegalStateChange) { try change(.fail, at: time) }
}
