import Audit
import TestSupport
import Testing

struct EventDocumentTests {
    @Test func `Log md has every event once`() throws {
        let documented = try Document("Docs/Log.md").column("event")
        #expect(documented.sorted() == ServiceEvent.allCases.map(\.rawValue).sorted())
    }
}
