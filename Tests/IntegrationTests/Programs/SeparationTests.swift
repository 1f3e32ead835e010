import Foundation
import TestSupport
import Testing

/// Which code each program contains.
struct SeparationTests {
    /// Symbols of PKCS#11: the C names, p11-kit, and the mangled names of Signet's own modules.
    static let traces = [
        "p11_kit", "C_GetFunctionList", "signet_C_", "6PKCS11", "11TokenAccess", "11TokenWorker",
        "11TokenOffice", "7CPKCS11", "CK_FUNCTION",
    ]

    private static func found(in program: String) throws -> [String] {
        let symbols = try Command.output("nm", [Products.path(program)])
        let libraries = try Command.output("ldd", [Products.path(program)])
        return traces.filter { (symbols + libraries).contains($0) }
            + (libraries.contains("p11-kit") ? ["libp11-kit"] : [])
    }

    @Test(arguments: ["signetd", "signet"])
    func `the program contains no symbols of PKCS#11`(_ program: String) throws {
        #expect(try Self.found(in: program) == [])
    }

    @Test func `the same search finds PKCS#11 in the worker`() throws {
        let found = try Self.found(in: "signet-token-worker")
        #expect(found.contains("p11_kit"))
        #expect(found.contains("C_GetFunctionList"))
        #expect(found.contains("6PKCS11"))
        #expect(found.contains("libp11-kit"))
    }

    @Test func `the worker and the officer's program contain only their own token code`() throws {
        let worker = try Self.found(in: "signet-token-worker")
        #expect(worker.contains("11TokenAccess") && worker.contains("11TokenWorker"))
        #expect(!worker.contains("11TokenOffice"))
        let office = try Self.found(in: "signet-token")
        #expect(office.contains("11TokenAccess") && office.contains("11TokenOffice"))
        #expect(!office.contains("11TokenWorker"))
    }

    @Test func `the worker contains no database, HTTP or policy code`() throws {
        let symbols = try Command.output("nm", [Products.path("signet-token-worker")])
        for trace in ["sqlite3", "13Authorization", "7NIOCore", "11Hummingbird", "4X509"] {
            #expect(!symbols.contains(trace), "\(trace)")
        }
        #expect(try Command.output("nm", [Products.path("signetd")]).contains("sqlite3"))
    }

    @Test func `the token does not reveal the private key of an authority`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        _ = try await daemon.client { try await $0.activeRoot() }
        daemon.stop()
        let keys = try daemon.token.pkcs11Tool(["--list-objects", "--type", "privkey"])
        #expect(keys.output.contains("never extractable"), "\(keys.output)\(keys.errors)")
        let identifier = try #require(
            keys.output.split(separator: "\n").first { $0.contains("ID:") }?.split(separator: ":").last)
        // pkcs11-tool does not try to read private keys, so another program does.
        let hex = identifier.trimmingCharacters(in: .whitespaces)
        // CKR_ATTRIBUTE_SENSITIVE
        #expect(try Self.readSecret(of: hex, on: daemon.token) == "0x11 0\n")
    }

    @Test func `the same program can read an extractable key`() throws {
        let token = try SoftHSM(try TemporaryDirectory())
        // 32 octets, or fewer if the number has leading zeros.
        #expect(try Self.readSecret(of: "readable", on: token).hasPrefix("0x0 3"))
    }

    /// The token's answer to a request for CKA_VALUE: the return value and the length of the value.
    private static func readSecret(of identifier: String, on token: SoftHSM) throws -> String {
        try Command.output(
            Products.python,
            [
                "\(Products.root)/Tests/IntegrationTests/Python/read_private_key.py", SoftHSM.modulePath,
                SoftHSM.label, token.pinFile, identifier,
            ], environment: token.environment)
    }
}
