import Foundation
import InMemoryStorage
import Issuance
import Signing
import SoftwareKeys
import TestSupport
import Testing

struct PermitTests {
    @Test func `a certificate is signed only by the key that it names`() async throws {
        let fixture = try TestAuthority()
        let csr = try OpenSSLRequest.make()
        _ = try await fixture.sign(fixture.prepare(fixture.request(csr: csr)))
        let other = try TestAuthority()
        let store = InMemoryStore()
        await #expect(throws: SigningFailure.self) {
            _ = try await fixture.sign(
                fixture.prepare(fixture.request(csr: csr)), with: other.signingKey, on: store)
        }
        #expect(store.events.isEmpty)
        #expect(other.custody.messages.isEmpty)
    }

    struct Misuse: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: String
        let complaint: String
    }

    static let misuses = [
        Misuse(
            testDescription: "a forged authorization",
            code:
                "func f(_ r: IssuanceRequest, _ p: Principal) { _ = Authorized(request: r, principal: p, statement: \"\") }",
            complaint: "inaccessible"),
        Misuse(
            testDescription: "an unrecorded intent",
            code: "func f(_ i: SignatureIntent) { _ = RecordedIntent(intent: i) }", complaint: "cannot find"),
        Misuse(
            testDescription: "a certificate without linting",
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
                func f(_ c: consuming LintedCertificate, _ cycle: SigningCycle, _ k: SigningKey, _ a: ARN,
                    _ s: some SigningSteps, _ answer: Answer<Int>) async throws {
                    _ = try await cycle.sign(c, with: k, of: a, s, answering: answer)
                    _ = try await cycle.sign(c, with: k, of: a, s, answering: answer)
                }
                """, complaint: "consumed more than once"),
        Misuse(
            testDescription: "a key used without an intent",
            code:
                "func f(_ k: SigningKey) async throws { _ = try await k.signature(over: [1], .sha256WithECDSA) }",
            complaint: "no exact matches"),
        Misuse(
            testDescription: "the signer inside a key", code: "func f(_ k: SigningKey) { _ = k.signer }",
            complaint: "inaccessible"),
        Misuse(
            testDescription: "an unrecorded answer",
            code: "func f() { _ = Audited<Int>(1, isRecorded: true) }", complaint: "CountedAnswer"),
        Misuse(
            testDescription: "the event of a success without its answer",
            code: "func f(_ c: APICall) { _ = c.succeeded(statement: \"s\", response: .null) }",
            complaint: "inaccessible"),
    ]

    static let imports = "import Audit\nimport Authorization\nimport Issuance\nimport PKIX\nimport Signing\n"

    private static func typecheck(_ code: String) throws -> Command {
        let directory = try TemporaryDirectory()
        try directory.write("misuse.swift", imports + code)
        return try Command.run(
            "swiftc",
            [
                // -emit-sil, because double consumption is detected after type checking.
                "-emit-sil", "-o", "/dev/null", "-swift-version", "6", "-I", Products.path("Modules"),
                // From the build folder of the imported modules.
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

    @Test func `correct use compiles`() throws {
        let result = try Self.typecheck(
            """
            func f(_ a: consuming Authorized<IssuanceRequest>, _ i: IssuingAuthority, _ t: CivilTime,
                _ cycle: SigningCycle, _ k: SigningKey, _ s: some SigningSteps, _ answer: Answer<Int>
            ) async throws -> Int {
                let linted = try Issuer.prepare(a, by: i, serialNumber: [], at: t)
                let audited = try await cycle.sign(linted, with: k, of: i.arn, s, answering: answer)
                return audited.take()
            }
            """)
        #expect(result.status == 0, "\(result.errors)")
    }
}
