import Audit
import Foundation
import Issuance
import TestSupport
import Testing

struct PermitTests {
    /// Signs a certificate of `workbench` with a permit for `digest` and `identifier`; whether it was
    /// refused.
    private func isRefused(
        _ workbench: Workbench, digest: [UInt8]? = nil, identifier: [UInt8] = [1], key: SigningKey? = nil
    ) async throws -> Bool {
        let linted = try workbench.prepare(workbench.request(csr: try OpenSSLRequest.make()))
        let permit = await RecordedIntent.recording(
            workbench.intent(digest: digest ?? linted.digest, key: identifier), scope: Workbench.scope,
            claiming: [], on: MemoryRecorder())
        do {
            _ = try await Issuer.sign(linted, permit, with: key ?? workbench.signingKey)
            return false
        } catch IssuanceError.permitDoesNotFit {
            return true
        }
    }

    @Test func `a permit signs what it was recorded for and nothing else`() async throws {
        let workbench = try Workbench()
        #expect(try await !isRefused(workbench))
        #expect(try await isRefused(workbench, digest: [UInt8](repeating: 0, count: 32)))
        #expect(try await isRefused(workbench, identifier: [2]))
        #expect(try await isRefused(workbench, key: try Workbench().signingKey))
    }

    struct Misuse: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: String
        let complaint: String
    }

    static let misuses = [
        Misuse(
            testDescription: "an authorization that nobody gave",
            code:
                "func f(_ r: IssuanceRequest, _ p: Principal) { _ = Authorized(request: r, principal: p, statement: \"\") }",
            complaint: "inaccessible"),
        Misuse(
            testDescription: "an intent that was not recorded",
            code: "func f(_ i: SignatureIntent) { _ = RecordedIntent(i) }", complaint: "inaccessible"),
        Misuse(
            testDescription: "a certificate that was not linted",
            code: "func f() { _ = LintedCertificate() }", complaint: "inaccessible"),
        Misuse(
            testDescription: "an authorization used twice",
            code: """
                func f(_ a: consuming Authorized<IssuanceRequest>, _ i: IssuingAuthority, _ c: TemplateCatalog,
                    _ t: CivilTime) throws {
                    _ = try Issuer.prepare(a, by: i, serialNumber: [], at: t)
                    _ = try Issuer.prepare(a, by: i, serialNumber: [], at: t)
                }
                """, complaint: "consumed more than once"),
        Misuse(
            testDescription: "a certificate signed twice",
            code: """
                func f(_ c: consuming LintedCertificate, _ p: consuming RecordedIntent, _ q: consuming RecordedIntent,
                    _ k: SigningKey) async throws {
                    _ = try await Issuer.sign(c, p, with: k)
                    _ = try await Issuer.sign(c, q, with: k)
                }
                """, complaint: "consumed more than once"),
        Misuse(
            testDescription: "a key used without an intent",
            code: "func f(_ k: SigningKey) { _ = k.privateKey }", complaint: "inaccessible"),
    ]

    static let imports = "import Audit\nimport Authorization\nimport Issuance\nimport PKIX\n"

    private static func typecheck(_ code: String) throws -> Command {
        let directory = try TemporaryDirectory()
        try directory.write("misuse.swift", imports + code)
        return try Command.run(
            "swiftc",
            [
                // -emit-sil, because what is consumed twice is found after type checking.
                "-emit-sil", "-o", "/dev/null", "-swift-version", "6", "-I", Products.path("Modules"),
                // Of a leaf below the modules that are imported.
                "-Xcc", "-fmodule-map-file=\(Products.path("CPlatform.build/module.modulemap"))",
                directory.path("misuse.swift"),
            ])
    }

    @Test(arguments: misuses)
    func `forging a permit or using it twice does not compile`(_ misuse: Misuse) throws {
        let result = try Self.typecheck(misuse.code)
        #expect(result.status != 0)
        #expect(result.errors.contains(misuse.complaint), "\(result.errors)")
    }

    @Test func `the right use compiles`() throws {
        let result = try Self.typecheck(
            """
            func f(_ a: consuming Authorized<IssuanceRequest>, _ i: IssuingAuthority, _ c: TemplateCatalog, _ t: CivilTime,
                _ p: consuming RecordedIntent, _ k: SigningKey) async throws {
                let linted = try Issuer.prepare(a, by: i, serialNumber: [], at: t)
                _ = try await Issuer.sign(linted, p, with: k)
            }
            """)
        #expect(result.status == 0, "\(result.errors)")
    }
}
