import Foundation
import TestSupport
import Testing

/// The examples in `HSMConfig/` contain exactly the keys that the readers know.
struct ConfigurationKeyTests {
    /// The keys that the readers of these targets know: the lists after `known:`.
    private static func known(_ targets: [String]) throws -> Set<String> {
        var keys: Set<String> = []
        for target in targets {
            for source in try Document.texts(in: "Sources/\(target)", ext: "swift") {
                for list in source.matches(of: /known(?:: | = )\[([^\]]*)\]/) {
                    keys.formUnion(list.1.matches(of: /"([a-z0-9-]+)"/).map { String($0.1) })
                }
            }
        }
        return keys
    }

    /// The keys of an example, including those in its comments.
    private static func keys(_ text: String, commentsOnly: Bool = false) -> Set<String> {
        var keys: Set<String> = []
        for line in text.split(separator: "\n") {
            let trimmed = line.drop { $0 == " " }
            if commentsOnly, !trimmed.hasPrefix("#") { continue }
            // A key in a comment's own form: `#key:`, `# - key:`, or with more indentation.
            if let match = trimmed.firstMatch(of: /^#? *(?:- )?([a-z][a-z0-9-]*):(?: |$)/) {
                keys.insert(String(match.1))
            }
            for match in trimmed.matches(of: /[{,] *([a-z][a-z0-9-]*):[ ]/) { keys.insert(String(match.1)) }
        }
        return keys
    }

    @Test func `the examples contain every key of the configuration, templates and profiles`() throws {
        let known = try Self.known(["Settings", "TokenSettings"])
        #expect(known.count > 60)
        let documented = Set(
            try Document.texts(in: "HSMConfig", ext: "yaml").flatMap { Self.keys($0) }
                + (try Document.texts(in: "HSMConfig", ext: "md")).flatMap { text in
                    text.matches(of: /`([a-z0-9-]+)`/).map { String($0.1) }
                })
        #expect(known.subtracting(documented).sorted() == [])
    }

    /// The loader refuses unknown keys elsewhere, but does not read comments.
    @Test func `every key in a comment of an example is known`() throws {
        let known = try Self.known(["Settings", "TokenSettings"])
        let commented = Self.keys(try Document("HSMConfig/signetd.yaml").text, commentsOnly: true)
        #expect(commented.contains("worker-user"))
        // The names of buckets are free.
        #expect(commented.subtracting(known).sorted() == ["compliance", "crls"])
    }
}
