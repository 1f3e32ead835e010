import Foundation
import StrictYAML
import TestSupport
import Testing

@testable import Settings

/// The section `revocation` of the configuration.
extension SettingsTests {
    private func revocation(_ yaml: String) throws -> DaemonSettings.Revocation {
        try load(Self.valid + "\nrevocation:\n" + yaml).0.revocation
    }

    @Test func `OCSP has defaults, and every key is read`() throws {
        let usual = try load(Self.valid).0.revocation.ocsp
        #expect(usual.url == nil && !usual.authoritySigns && !usual.callsUnissuedRevoked)
        #expect(usual.answerMinutes == 60 && usual.responderDays == 7)
        let all = try revocation(
            """
              crl-days: 3
              ocsp:
                url: http://ocsp.example.test/
                signer: authority
                answer-minutes: 10080
                responder-days: 30
                unissued: revoked
            """)
        #expect(all.listDays == 3 && all.ocsp.url == "http://ocsp.example.test")
        #expect(all.ocsp.authoritySigns && all.ocsp.callsUnissuedRevoked)
        #expect(all.ocsp.answerMinutes == 10_080 && all.ocsp.responderDays == 30)
    }

    @Test(arguments: [
        ("  ocsp: {url: \"https://o.example.test\"}", "`revocation.ocsp.url` must be an http URL"),
        ("  ocsp: {url: ocsp.example.test}", "`revocation.ocsp.url` must be an http URL"),
        ("  ocsp: {url: \"http://o.example.test/?q\"}", "`revocation.ocsp.url` must be an http URL"),
        ("  ocsp: {url: \"http://é.example.test\"}", "`revocation.ocsp.url` must be an http URL"),
        ("  ocsp: {signer: root}", "`revocation.ocsp.signer` must be `responder` or `authority`"),
        ("  ocsp: {signer: \"authority\u{301}\"}", "`revocation.ocsp.signer` must be"),
        ("  ocsp: {unissued: good}", "`revocation.ocsp.unissued` must be `unknown` or `revoked`"),
        ("  ocsp: {answer-minutes: 9}", "`revocation.ocsp.answer-minutes` must be a number from 10 to 10080"),
        ("  ocsp: {responder-days: 31}", "`revocation.ocsp.responder-days` must be a number from 1 to 30"),
        ("  ocsp: {days: 7}", "unknown key `revocation.ocsp.days`"),
        ("  ocsp: [a]", "`revocation.ocsp` must be a mapping"),
        ("  crl-days: 0", "`revocation.crl-days` must be a number from 1 to 5000"),
        ("  url: \"http://\"", "`revocation.url` must be an http URL"),
        ("  buckets: {crls: {directory: /etc}}", "`revocation.buckets.crls.url`"),
    ])
    func `a mistake in the section is said`(_ yaml: String, _ message: String) throws {
        let error = #expect(throws: StrictYAMLError.self) { try revocation(yaml) }
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }
}
