import TestSupport
import Testing

@testable import Authorization

struct ConditionKeyDocumentTests {
    /// `signet:A`, `…B` are `signet:a` and, behind the part of the first that is not its own, `signet:…b`.
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

    @Test func `Policy md has every condition key once`() throws {
        let documented = try Document("Docs/Policy.md").column("condition key").flatMap(Self.names)
        #expect(documented.sorted() == ConditionKey.names.sorted())
    }
}
