import TestSupport
import Testing

@testable import Authorization

struct ConditionKeyDocumentTests {
    /// `signet:A`, `…B` expands to `signet:a` and `signet:…b`, which shares the prefix of the first.
    private static func names(_ cell: String) -> [String] {
        var first = ""
        return cell.matches(of: /`([^`]+)`/).map { match in
            let name = match.1.replacing("NAME", with: "").lowercased()
            guard name.hasPrefix("…") else {
                first = name
                return name
            }
            return first.replacing("commonname", with: "") + name.dropFirst()
        }
    }

    @Test func `Policy md lists every condition key once`() throws {
        let documented = try Document("Docs/Policy.md").column("condition key").flatMap(Self.names)
        #expect(documented.sorted() == ConditionKey.names.sorted())
    }
}
