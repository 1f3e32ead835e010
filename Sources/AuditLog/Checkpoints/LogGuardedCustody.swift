public import PKIX
internal import RecordKeeping
public import Signing

/// Refuses every use of a key while the log cannot be trusted.
public struct LogGuardedCustody: KeyCustody {
    private let custody: any KeyCustody
    let fault = LogFault()

    public init(_ custody: any KeyCustody) { self.custody = custody }

    private func requireTrust() throws(CAError) { if fault.current != nil { throw .logDiffers } }

    public var securityStandards: Set<String> { custody.securityStandards }
    public var makesKeys: Bool { custody.makesKeys }

    public func generateKeyPair(
        _ algorithm: KeyAlgorithm, identifier: [UInt8], label: String, meeting standard: String?
    ) async throws -> GeneratedKey {
        try requireTrust()
        return try await custody.generateKeyPair(
            algorithm, identifier: identifier, label: label, meeting: standard)
    }

    public func securityStandard(of key: KeyReference) async throws -> String? {
        try requireTrust()
        return try await custody.securityStandard(of: key)
    }

    public func signingKey(_ key: KeyReference, _ priority: SigningPriority) async throws -> SigningKey {
        try requireTrust()
        return try await custody.signingKey(key, priority)
    }
}
