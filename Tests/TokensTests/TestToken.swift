import Foundation
import TestSupport
import Testing
import TokenProtocol
import TokenSettings
import Tokens

/// A token for the custody suite: the suite's own SoftHSM, or one that `Scripts/tokens` started.
struct TestToken: Sendable, CustomTestStringConvertible {
    let name: String
    let module: String
    let uri: String
    let pinFile: String
    let environment: [String: String]
    let profile: TokenProfile
    /// The directory of a SoftHSM token, kept while the token is used.
    var directory: TemporaryDirectory?

    var testDescription: String { name }

    /// Part of the error message if the token cannot make or use a key of this kind; nil if it can.
    func obstacle(_ kind: KeyKind) -> String? {
        switch (name, kind.family, kind) {
        // The software token of Debian's openCryptoki makes RSA keys only.
        case ("opencryptoki", .ecdsa, _), ("opencryptoki", .edwards, _): "CKR_MECHANISM_INVALID"
        // The token says that its own key was not generated on it, and wraps it on request.
        case ("nss", .edwards, _): "CKR_MECHANISM_INVALID"
        case ("nss", _, _): "CKA_LOCAL is FALSE, not TRUE"
        case ("tpm2", .edwards, _): "CKR_MECHANISM_INVALID"
        // A key that decrypts can be abused to make signatures.
        case ("tpm2", .rsaPKCS1, _), ("tpm2", .rsaPSS, _): "CKA_DECRYPT is TRUE, not FALSE"
        // An OCTET STRING with an invalid length.
        case ("tpm2", _, .ecP521): "CKA_EC_POINT of the public key is not a point of the curve's length"
        default: nil
        }
    }

    /// Kinds that take long to generate or resemble another kind, so that one token is enough.
    func isWorthwhile(_ kind: KeyKind) -> Bool {
        name == "softhsm" || ![.rsa3072, .rsa4096, .rsaPSS3072, .rsaPSS4096].contains(kind)
    }

    /// A key that the token supports; nil if it supports none.
    var usableKind: KeyKind? { [.ecP256, .rsa2048].first { obstacle($0) == nil } }

    func token(
        sessions: Int = 2, _ change: (inout TokenConfiguration) -> Void = { _ in }
    ) -> Tokens.Token {
        var configuration = TokenConfiguration(
            name: name, workerPath: Products.path("signet-token-worker"),
            module: ModuleLocation(path: module),
            tokenURI: uri, pin: .file(pinFile), profile: profile, environment: environment, sessions: sessions
        )
        change(&configuration)
        return Tokens.Token(configuration: configuration, logger: .silent)
    }

    /// A CKA_ID that no other run has used, because system tokens outlive a test.
    static func freshIdentifier() -> [UInt8] { (0..<16).map { _ in UInt8.random(in: 0...255) } }

    // MARK: Available tokens

    private struct Entry: Decodable {
        let name: String
        let module: String?
        let uri: String?
        let pinFile: String?
        let environment: [String: String]?
        let initializeParameters: String?
        let skipped: String?
    }

    /// SoftHSM, and every token in the file named by SIGNET_TEST_TOKENS. Tokens that could not be started are
    /// printed.
    static let all: [TestToken] = {
        var tokens: [TestToken] = []
        if let directory = try? TemporaryDirectory(), let softHSM = try? SoftHSM(directory) {
            tokens.append(
                TestToken(
                    name: "softhsm", module: SoftHSM.modulePath, uri: SoftHSM.uri, pinFile: softHSM.pinFile,
                    environment: softHSM.environment, profile: profile("softhsm"), directory: directory))
        }
        guard let path = ProcessInfo.processInfo.environment["SIGNET_TEST_TOKENS"],
            let data = FileManager.default.contents(atPath: path),
            let entries = try? JSONDecoder().decode([Entry].self, from: data)
        else {
            print(
                "skipped: openCryptoki, TPM 2.0 and NSS: SIGNET_TEST_TOKENS names none; `Scripts/test` starts them"
            )
            return tokens
        }
        for entry in entries {
            guard let module = entry.module, let uri = entry.uri, let pinFile = entry.pinFile else {
                print("skipped: \(entry.name): \(entry.skipped ?? "it was not started")")
                continue
            }
            var profile = profile(entry.name)
            if let parameters = entry.initializeParameters { profile.initializeParameters = parameters }
            tokens.append(
                TestToken(
                    name: entry.name, module: module, uri: uri, pinFile: pinFile,
                    environment: entry.environment ?? [:], profile: profile))
        }
        return tokens
    }()

    private static func profile(_ name: String) -> TokenProfile {
        do {
            return try ProfileFile.load(path: "\(Products.root)/HSMConfig/profiles/\(name).yaml").profile
        } catch {
            print("the profile of \(name) cannot be used: \(error)")
            return TokenProfile(name: "broken")
        }
    }
}
