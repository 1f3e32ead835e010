import Foundation
import StrictYAML
import TestSupport
import Testing
import TokenProtocol
import TokenSettings

struct ProfileVersionTests {
    @Test func `the profile of openCryptoki covers 3.8 and 3.27`() throws {
        let path = "\(Products.root)/HSMConfig/profiles/opencryptoki.yaml"
        let profile = try ProfileFile.load(path: path).profile
        let old = profile.resolved(for: LibraryVersion(major: 3, minor: 8))
        #expect(
            old.omittedFromTemplates == [
                "CKA_WRAP_WITH_TRUSTED", "CKA_COPYABLE", "CKA_DESTROYABLE", "CKA_ALLOWED_MECHANISMS",
            ])
        #expect(
            old.mayBeUnavailable == ["CKA_KEY_GEN_MECHANISM", "CKA_COPYABLE", "CKA_ALLOWED_MECHANISMS"])
        // This version needs no exception and must get none, because its keys would fail their proof.
        let new = profile.resolved(for: LibraryVersion(major: 3, minor: 27))
        #expect(new.omittedFromTemplates.isEmpty && new.mayBeUnavailable.isEmpty && new.adjusted.isEmpty)
    }

    @Test(arguments: [
        ("- {template: {omit: [CKA_COPYABLE]}}", "must have `from`, `below` or both"),
        ("- {from: three}", "must be a version such as"), ("- {from: \"3\"}", "must be a version such as"),
        ("- {below: \"3.8.1\"}", "must be a version such as"),
        ("- {from: \"+3.8\"}", "must be a version such as"),
        ("- {from: \"3.256\"}", "must be a version such as"),
        ("- {from: \"3.9\", below: \"3.9\"}", "must be above `from`"),
        ("- {below: \"3.9\"}\n  - {from: \"3.8\"}", "holds versions that an entry before it holds"),
        ("- {below: \"3.9\", sessions: 4}", "unknown key"),
        (
            "- {below: \"3.9\", read-back: {may-be-unavailable: [CKA_SENSITIVE]}}",
            "cannot hold `CKA_SENSITIVE`"
        ),
    ])
    func `a malformed range is a fault`(_ entry: String, _ message: String) throws {
        let directory = try TemporaryDirectory()
        try directory.write("p.yaml", "name: n\ntested: \"no\"\nversions:\n  \(entry)\n")
        let error = #expect(throws: StrictYAMLError.self) {
            try ProfileFile.load(path: directory.path("p.yaml"))
        }
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }
}
