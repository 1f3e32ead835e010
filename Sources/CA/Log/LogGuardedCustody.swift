internal import PKIX
internal import Signing

/// Refuses every use of a key while the log cannot be trusted.
struct LogGuardedCustody: KeyCustody {
    private let custody: any KeyCustody
    private let fault: LogFault

    init(_ custody: any KeyCustody, _ fault: LogFault) {
        self.custody = custody
        self.fault = fault
    }

    private func requireTrust() throws(CAError) { if fault.current != nil { throw .logDiffers } }

    var securityStandards: Set<String> { custody.securityStandards }
    var makesKeys: Bool { custody.makesKeys }

    func generateKeyPair(
        _ algorithm: KeyAlgorithm, identifier: [UInt8], label: String, meeting standard: String?
    ) async throws -> GeneratedKey {
        try requireTrust()
        return try await custody.generateKeyPair(
            algorithm, identifier: identifier, label: label, meeting: standard)
    }

    func securityStandard(of key: KeyReference) async throws -> String? {
        try requireTrust()
        return try await custody.securityStandard(of: key)
    }

    func signingKey(_ key: KeyReference, _ priority: SigningPriority) async throws -> SigningKey {
        try requireTrust()
        return try await custody.signingKey(key, priority)
    }
}
