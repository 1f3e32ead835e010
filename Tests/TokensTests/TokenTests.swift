import Crypto
import Foundation
import Logging
import PKIX
internal import SwiftASN1
import TestSupport
import Testing
import TokenProtocol
import Tokens
import X509
import _CryptoExtras

/// The daemon's side of a token, with the real worker on a real SoftHSM.
struct TokenTests {
    let directory: TemporaryDirectory
    let softHSM: SoftHSM

    init() throws {
        directory = try TemporaryDirectory()
        softHSM = try SoftHSM(directory)
    }

    func token(_ change: (inout TokenConfiguration) -> Void = { _ in }) -> Tokens.Token {
        var configuration = TokenConfiguration(
            workerPath: Products.path("signet-token-worker"),
            module: ModuleLocation(path: SoftHSM.modulePath),
            tokenURI: SoftHSM.uri, pin: .file(softHSM.pinFile), environment: softHSM.environment)
        change(&configuration)
        return Tokens.Token(configuration: configuration, logger: .silent)
    }

    @Test(arguments: KeyAlgorithm.allCases)
    func `a key is generated, passes its proof and signs with every algorithm of its kind`(
        _ algorithm: KeyAlgorithm
    )
        async throws
    {
        let token = token()
        let key = try await token.generateKeyPair(algorithm, identifier: [1, 2, 3], label: "made")
        #expect(key.evidence.verdict == .selfReported)
        #expect(key.evidence.failures.isEmpty)
        #expect(key.evidence.readings.contains { $0.name == "CKA_NEVER_EXTRACTABLE" && $0.found == "TRUE" })
        let privateKey = try await token.privateKey(algorithm, identifier: [1, 2, 3], pinned: key.publicKey)
        for signing in algorithm.signingAlgorithms {
            let bytes = Array("what is signed".utf8)
            let signature = try await privateKey.signature(over: bytes, signing)
            #expect(key.publicKey.isValidSignature(signature, of: bytes, signing))
            #expect(!key.publicKey.isValidSignature(signature, of: bytes + [0], signing))
        }
        await token.close()
    }

    @Test func `an identifier in use is not used again`() async throws {
        let token = token()
        _ = try await token.generateKeyPair(.ecPrime256v1, identifier: [7], label: "one")
        let error = await #expect(throws: HSMError.self) {
            try await token.generateKeyPair(.ecPrime256v1, identifier: [7], label: "two")
        }
        #expect(error?.description.contains("already has an object with CKA_ID 07") == true)
        await token.close()
    }

    @Test func `a key with the usual weak template is refused, and the error lists the failing attributes`()
        async throws
    {
        let made = try softHSM.pkcs11Tool([
            "--keypairgen", "--key-type", "rsa:2048", "--id", "0a0b", "--label", "weak",
        ])
        #expect(made.status == 0, "\(made.errors)")
        let token = token()
        let error = await #expect(throws: HSMError.self) {
            try await publicKeyAndUse(token, .rsa2048, [0x0A, 0x0B])
        }
        guard case .keyNotProvable(_, let failures)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(failures.map(\.name).contains("CKA_DECRYPT"))
        #expect(failures.map(\.name).contains("CKA_ALLOWED_MECHANISMS"))
        await token.close()
    }

    @Test func `an imported key is refused because it was not generated on the token`() async throws {
        try Command.output(
            "openssl",
            ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", directory.path("k.pem")])
        try Command.output(
            "openssl",
            [
                "pkcs8", "-topk8", "-nocrypt", "-in", directory.path("k.pem"), "-outform", "DER", "-out",
                directory.path("k.der"),
            ])
        try Command.output(
            "openssl",
            [
                "ec", "-in", directory.path("k.pem"), "-pubout", "-outform", "DER", "-out",
                directory.path("p.der"),
            ])
        for (kind, file) in [("privkey", "k.der"), ("pubkey", "p.der")] {
            let written = try softHSM.pkcs11Tool([
                "--write-object", directory.path(file), "--type", kind, "--id", "0c", "--label", "imported",
            ])
            #expect(written.status == 0, "\(written.errors)")
        }
        let token = token()
        let error = await #expect(throws: HSMError.self) {
            try await publicKeyAndUse(token, .ecPrime256v1, [0x0C])
        }
        guard case .keyNotProvable(_, let failures)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(failures.map(\.name).contains("CKA_LOCAL"))
        #expect(failures.map(\.name).contains("CKA_NEVER_EXTRACTABLE"))
        await token.close()
    }

    /// Uses a key with the public key that the token itself returns, so that only its evidence can be the
    /// reason for a refusal.
    private func publicKeyAndUse(_ token: Tokens.Token, _ algorithm: KeyAlgorithm, _ identifier: [UInt8])
        async throws
    {
        let hex = identifier.map { String(format: "%02x", $0) }.joined()
        let der = directory.path("pub.der")
        let read = try softHSM.pkcs11Tool([
            "--read-object", "--type", "pubkey", "--id", hex, "--output-file", der,
        ])
        #expect(read.status == 0, "\(read.errors)")
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: der)))
        _ = try await token.privateKey(
            algorithm, identifier: identifier, pinned: SubjectPublicKey(derEncoded: bytes))
    }

    @Test func `a key that differs from the pinned public key does not sign`() async throws {
        let token = token()
        _ = try await token.generateKeyPair(.ecPrime256v1, identifier: [9], label: "k")
        await token.close()
        let other = try SubjectPublicKey(.init(P256.Signing.PrivateKey().publicKey))
        let error = await #expect(throws: HSMError.self) {
            try await token.privateKey(.ecPrime256v1, identifier: [9], pinned: other)
        }
        guard case .publicKeyChanged? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        await token.close()
    }

    @Test func `a wrong PIN is tried once`() async throws {
        try directory.write("pin", "wrong pin\n", mode: 0o600)
        let token = token()
        let first = await #expect(throws: HSMError.self) { try await token.open() }
        #expect(first?.description.contains("tried once and will not be tried again") == true)
        #expect(first?.description.contains("wrong pin") == false)
        // The correct PIN is available now, but is not tried: an operator must restart the daemon.
        try directory.write("pin", SoftHSM.pin, mode: 0o600)
        let second = await #expect(throws: HSMError.self) { try await token.open() }
        #expect(second?.description == first?.description)
    }

    @Test func `simultaneous callers generate keys, one after the other on the token`()
        async throws
    {
        let token = token {
            $0.sessions = 8
            // The last key waits for sixty-three others, on a machine that also runs other tests.
            $0.longDeadline = .seconds(600)
        }
        let first = try await token.open()
        let process = await token.workerProcessIdentifier
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<64 {
                group.addTask {
                    _ = try await token.generateKeyPair(
                        .ecPrime256v1, identifier: [UInt8(number)], label: "k\(number)")
                }
            }
            try await group.waitForAll()
        }
        #expect(await token.workerProcessIdentifier == process, "\(first.label)")
        await token.close()
    }

    @Test func `a token that hangs is abandoned at the deadline and replaced`() async throws {
        let token = token { $0.signDeadline = .seconds(3) }
        let key = try await token.generateKeyPair(.ecPrime256v1, identifier: [1], label: "k")
        let privateKey = try await token.privateKey(.ecPrime256v1, identifier: [1], pinned: key.publicKey)
        let hung = try #require(await token.workerProcessIdentifier)
        let suspension = try Suspension(hung)
        let error = await #expect(throws: HSMError.self) {
            try await privateKey.signature(over: [1])
        }
        guard case .deadlineExceeded? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        // The same key signs again in a new process, without intervention.
        _ = try await privateKey.signature(over: [1])
        #expect(await token.workerProcessIdentifier != hung)
        withExtendedLifetime(suspension) {}
        await token.close()
    }

    @Test func `a token that was temporarily absent is used again once it is back`() async throws {
        let token = token()
        let key = try await token.generateKeyPair(.ecPrime256v1, identifier: [1], label: "k")
        let privateKey = try await token.privateKey(.ecPrime256v1, identifier: [1], pinned: key.publicKey)
        try FileManager.default.moveItem(atPath: directory.path("tokens"), toPath: directory.path("away"))
        try FileManager.default.createDirectory(
            atPath: directory.path("tokens"), withIntermediateDirectories: false)
        kill(try #require(await token.workerProcessIdentifier), SIGKILL)
        for _ in 0..<3 {
            await #expect(throws: HSMError.self) {
                try await privateKey.signature(over: [1])
            }
        }
        try FileManager.default.removeItem(atPath: directory.path("tokens"))
        try FileManager.default.moveItem(atPath: directory.path("away"), toPath: directory.path("tokens"))
        // The breaker allows another try after a pause.
        var isBack = false
        for _ in 0..<200 where !isBack {
            isBack =
                (try? await privateKey.signature(over: [1]))
                != nil
            if !isBack { try await Task.sleep(for: .milliseconds(20)) }
        }
        #expect(isBack)
        #expect(await token.isServing)
        await token.close()
        #expect(await !token.isServing)
    }

    @Test func `a worker that dies is replaced`() async throws {
        let token = token()
        let key = try await token.generateKeyPair(.ecPrime256v1, identifier: [1], label: "k")
        let privateKey = try await token.privateKey(.ecPrime256v1, identifier: [1], pinned: key.publicKey)
        let worker = try #require(await token.workerProcessIdentifier)
        kill(worker, SIGKILL)
        var signed = false
        for _ in 0..<3 where !signed {
            signed =
                (try? await privateKey.signature(over: [1])) != nil
        }
        #expect(signed)
        await token.close()
    }

    /// Requests that many signatures over different messages simultaneously, and verifies each.
    private func expectSignatures(
        _ count: Int, with privateKey: TokenKey, of publicKey: SubjectPublicKey
    ) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<count {
                group.addTask {
                    let bytes = Array("message \(index)".utf8)
                    let signature = try await privateKey.signature(over: bytes)
                    return publicKey.isValidSignature(signature, of: bytes, .sha256WithECDSA)
                }
            }
            for try await isValid in group { #expect(isValid) }
        }
    }

    @Test func `each of many simultaneous callers gets its own signature`() async throws {
        let token = token {
            $0.sessions = 4
            // A hundred signatures on a machine that also runs other tests.
            $0.queuePatience = .seconds(300)
        }
        let key = try await token.generateKeyPair(.ecPrime256v1, identifier: [1], label: "k")
        let privateKey = try await token.privateKey(.ecPrime256v1, identifier: [1], pinned: key.publicKey)
        try await expectSignatures(100, with: privateKey, of: key.publicKey)
        await token.close()
    }

    @Test(.enabled(if: geteuid() == 0, "only root sees the descriptors of a worker"))
    func `the maximum number of sessions works, each with its own socket`() async throws {
        let token = token {
            $0.sessions = 64
            $0.queuePatience = .seconds(300)
        }
        let key = try await token.generateKeyPair(.ecPrime256v1, identifier: [64], label: "many")
        let privateKey = try await token.privateKey(
            .ecPrime256v1, identifier: [64], pinned: key.publicKey)
        let worker = try #require(await token.workerProcessIdentifier)
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(worker)/fd").compactMap {
            Int32($0)
        }
        let sockets = WorkerDescriptor.firstSession..<WorkerDescriptor.firstSession + 64
        #expect(sockets.allSatisfy(open.contains))
        try await expectSignatures(256, with: privateKey, of: key.publicKey)
        await token.close()
    }

    @Test func `a worker keeps its process identifier until it is reaped`() async throws {
        let token = token()
        try await token.open()
        let worker = try #require(await token.workerProcessIdentifier)
        #expect(WorkerRegistry.contains(worker))
        #expect(!WorkerRegistry.contains(getpid()) && !WorkerRegistry.contains(1))
        await token.close()
        #expect(!WorkerRegistry.contains(worker))
    }

    @Test func `the worker is not dumpable, gains no privileges and runs under seccomp`() async throws {
        let token = token()
        try await token.open()
        let worker = try #require(await token.workerProcessIdentifier)
        let status = try String(contentsOfFile: "/proc/\(worker)/status", encoding: .utf8)
        #expect(status.contains("NoNewPrivs:\t1"))
        #expect(status.contains("Seccomp:\t2"))
        // At most CAP_IPC_LOCK.
        for set in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
            let bits = try #require(status.firstRange(of: "\(set):\t")).upperBound
            let value = try #require(UInt64(status[bits...].prefix(16), radix: 16))
            #expect(value & ~(1 << 14) == 0, "\(set)")
        }
        let limits = try String(contentsOfFile: "/proc/\(worker)/limits", encoding: .utf8)
        #expect(
            limits.split(separator: "\n").contains {
                $0.hasPrefix("Max core file size") && $0.contains(" 0 ")
            })
        // Its environment contains the configured variables and malloc's settings, and nothing of the test.
        // Only root may read it.
        if let environment = try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(worker)/environ")) {
            let names = String(decoding: environment, as: UTF8.self).split(separator: "\0").map {
                $0.prefix { $0 != "=" }
            }
            #expect(names.sorted() == ["GLIBC_TUNABLES", "SOFTHSM2_CONF"])
        }
        await token.close()
    }
}
