import Crypto
import Foundation
import PKIX
import Signing
import SwiftASN1
import TestSupport
import Testing
import TokenProtocol
import Tokens
import X509
import _CryptoExtras

/// The guarantees of custody on every available token: SoftHSM, openCryptoki, a TPM 2.0 and NSS softokn. A
/// token's missing feature is expected with its reason, so that no gap is passed over.
@Suite(.serialized)
struct CustodyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let token: TestToken
        let kind: KeyKind
        var testDescription: String { "\(token.name) \(kind)" }
    }

    static let cases = TestToken.all.flatMap { token in
        KeyKind.allCases.filter(token.isWorthwhile).map { Case(token: token, kind: $0) }
    }

    /// Verifies with code other than the token's, for the schemes of X.509 and others.
    private static func isRight(
        _ signature: [UInt8], over message: [UInt8], _ scheme: SignatureScheme, _ key: PinnedKey
    ) throws -> Bool {
        let digest: any Digest =
            switch scheme {
            case .sha384: SHA384.hash(data: message)
            case .sha512: SHA512.hash(data: message)
            default: SHA256.hash(data: message)
            }
        func rsa(_ padding: _RSA.Signing.Padding) throws -> Bool {
            let publicKey = try _RSA.Signing.PublicKey(derRepresentation: key.publicKey.derBytes)
            let made = _RSA.Signing.RSASignature(rawRepresentation: Data(signature))
            return switch digest {
            case let digest as SHA384Digest: publicKey.isValidSignature(made, for: digest, padding: padding)
            case let digest as SHA512Digest: publicKey.isValidSignature(made, for: digest, padding: padding)
            case let digest as SHA256Digest: publicKey.isValidSignature(made, for: digest, padding: padding)
            default: false
            }
        }
        switch key.kind.family {
        case .rsaPSS: return try rsa(.PSS)
        case .rsaPKCS1: return try rsa(.insecurePKCS1v1_5)
        case .edwards:
            return key.publicKey.isValidSignature(signature, of: message, .ed25519)
        case .ecdsa:
            let der = ECDSASignature.der(
                fromConcatenation: signature, coordinateBytes: key.kind.coordinateBytes ?? 0)
            let algorithm: SignatureAlgorithm =
                switch scheme {
                case .sha384: .ecdsa(.sha384)
                case .sha512: .ecdsa(.sha512)
                default: .ecdsa(.sha256)
                }
            return try key.publicKey.isValidSignature(#require(der), of: message, algorithm)
        }
    }

    private static func input(_ message: [UInt8], _ scheme: SignatureScheme) -> [UInt8] {
        switch scheme {
        case .sha256: Array(SHA256.hash(data: message))
        case .sha384: Array(SHA384.hash(data: message))
        case .sha512: Array(SHA512.hash(data: message))
        case .ed25519: message
        }
    }

    private static func sign(
        _ key: PinnedKey, _ scheme: SignatureScheme, on tokens: TokenSet
    ) async throws -> Bool {
        let message = Array("message \(UInt64.random(in: 0 ... .max))".utf8)
        let signature = try await tokens.signature(
            over: input(message, scheme), scheme, with: key, meeting: nil, .daemon
        ) { made in (try? isRight(made, over: message, scheme, key)) == true ? made : nil }
        return try isRight(signature, over: message, scheme, key)
    }

    @Test(arguments: cases)
    func `a key is generated, passes its proof, and signs with every mechanism of its kind`(_ entry: Case)
        async throws
    {
        let token = entry.token.token()
        let identifier = TestToken.freshIdentifier()
        do {
            let made = try await token.generateKeyPair(entry.kind, identifier: identifier, label: "custody")
            #expect(entry.token.obstacle(entry.kind) == nil, "it can, after all")
            #expect(made.evidence.verdict == .selfReported)
            let waived = made.evidence.readings.filter { $0.finding == .waived }.map(\.name)
            #expect(Set(waived).isSubset(of: entry.token.profile.mayBeUnavailable))
            let key = PinnedKey(entry.kind, identifier: identifier, publicKey: made.publicKey)
            for scheme in SignatureScheme.allCases where scheme.fits(entry.kind) {
                #expect(try await Self.sign(key, scheme, on: TokenSet([token])), "\(scheme)")
            }
            // Unsuitable input is refused before it reaches the token or by the token, and never signed.
            for scheme in SignatureScheme.allCases where !scheme.fits(entry.kind) {
                await #expect(throws: HSMError.self) {
                    try await Self.sign(key, scheme, on: TokenSet([token]))
                }
            }
        } catch let error as HSMError {
            let expected = try #require(entry.token.obstacle(entry.kind), "\(error)")
            #expect("\(error)".contains(expected), "\(error)")
            print("skipped: \(entry.testDescription): \(error)")
        }
        await token.close()
    }

    @Test(arguments: TestToken.all)
    func `private keys are listed with CKA_ID and CKA_LABEL`(_ entry: TestToken) async throws {
        guard let kind = entry.usableKind else {
            return print("skipped: \(entry.name): it can have no key that proves itself")
        }
        let token = entry.token()
        let identifiers = [TestToken.freshIdentifier(), TestToken.freshIdentifier()]
        for identifier in identifiers {
            _ = try await token.generateKeyPair(kind, identifier: identifier, label: "named \(identifier[0])")
        }
        let names = Set(try await token.privateKeys())
        for identifier in identifiers {
            #expect(
                names.contains(KeyName(identifier: identifier, label: "named \(identifier[0])")), "\(names)")
        }
        await token.close()
    }

    @Test(arguments: TestToken.all)
    func `a killed worker is replaced; the new one logs in once and reads the key back`(_ entry: TestToken)
        async throws
    {
        guard let kind = entry.usableKind else {
            return print("skipped: \(entry.name): it can have no key that proves itself")
        }
        let token = entry.token()
        let identifier = TestToken.freshIdentifier()
        let made = try await token.generateKeyPair(kind, identifier: identifier, label: "custody")
        let key = PinnedKey(kind, identifier: identifier, publicKey: made.publicKey)
        #expect(try await Self.sign(key, .sha256, on: TokenSet([token])))
        let first = try #require(await token.workerProcessIdentifier)
        kill(first, SIGKILL)
        let start = ContinuousClock.now
        #expect(try await Self.sign(key, .sha256, on: TokenSet([token])))
        print("\(entry.name): signs again \(ContinuousClock.now - start) after its worker was killed")
        #expect(await token.workerProcessIdentifier != first)
        await token.close()
    }

    @Test(arguments: TestToken.all)
    func `a worker that hangs is abandoned at its deadline and replaced`(_ entry: TestToken) async throws {
        guard let kind = entry.usableKind else {
            return print("skipped: \(entry.name): it can have no key that proves itself")
        }
        let token = entry.token { $0.signDeadline = .seconds(3) }
        let identifier = TestToken.freshIdentifier()
        let made = try await token.generateKeyPair(kind, identifier: identifier, label: "custody")
        let key = PinnedKey(kind, identifier: identifier, publicKey: made.publicKey)
        #expect(try await Self.sign(key, .sha256, on: TokenSet([token])))
        let suspension = try Suspension(#require(await token.workerProcessIdentifier))
        let error = await #expect(throws: HSMError.self) {
            try await Self.sign(key, .sha256, on: TokenSet([token]))
        }
        guard case .deadlineExceeded? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        withExtendedLifetime(suspension) {}
        #expect(try await Self.sign(key, .sha256, on: TokenSet([token])))
        await token.close()
    }

    @Test(arguments: TestToken.all)
    func `many callers on several sessions each get their own signature`(_ entry: TestToken) async throws {
        guard let kind = entry.usableKind else {
            return print("skipped: \(entry.name): it can have no key that proves itself")
        }
        let token = entry.token(sessions: 4)
        let identifier = TestToken.freshIdentifier()
        let made = try await token.generateKeyPair(kind, identifier: identifier, label: "custody")
        let key = PinnedKey(kind, identifier: identifier, publicKey: made.publicKey)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<40 { group.addTask { try await Self.sign(key, .sha256, on: TokenSet([token])) } }
            for try await isRight in group { #expect(isRight) }
        }
        await token.close()
    }

    @Test(arguments: TestToken.all)
    func `a CKA_ID in use is not used again, and a missing key is reported`(_ entry: TestToken)
        async throws
    {
        let token = entry.token()
        let missing = PinnedKey(
            .rsa2048, identifier: TestToken.freshIdentifier(),
            publicKey: try SubjectPublicKey(.init(P256.Signing.PrivateKey().publicKey)))
        let error = await #expect(throws: HSMError.self) {
            try await TokenSet([token]).find(missing, meeting: nil)
        }
        #expect("\(String(describing: error))".contains("has no key with CKA_ID"))
        if let kind = entry.usableKind {
            let identifier = TestToken.freshIdentifier()
            _ = try await token.generateKeyPair(kind, identifier: identifier, label: "custody")
            let again = await #expect(throws: HSMError.self) {
                try await token.generateKeyPair(kind, identifier: identifier, label: "again")
            }
            #expect("\(String(describing: again))".contains("already has an object with CKA_ID"))
        } else {
            print("skipped: \(entry.name): it can have no key that proves itself")
        }
        await token.close()
    }

    @Test(arguments: TestToken.all)
    func `a wrong PIN is tried once`(_ entry: TestToken) async throws {
        let directory = try TemporaryDirectory()
        try directory.write("pin", "7777777", mode: 0o600)
        let token = entry.token { $0.pin = .file(directory.path("pin")) }
        let first = await #expect(throws: HSMError.self) { try await token.open() }
        #expect(
            first?.description.contains("was tried once and will not be tried again") == true, "\(first!)")
        let second = await #expect(throws: HSMError.self) { try await token.open() }
        #expect(second?.description == first?.description)
        // The correct PIN still works, and resets the counter on tokens that count failures.
        let right = entry.token()
        try await right.open()
        await right.close()
    }
}
