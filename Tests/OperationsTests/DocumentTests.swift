import Foundation
import Operations
import TestSupport
import Testing

/// The documents list exactly what the program has.
struct DocumentTests {
    private static func names(_ cells: [String]) -> [String] {
        cells.flatMap { $0.split(separator: ",") }.map {
            String($0.trimmingCharacters(in: .whitespaces).prefix { $0 != " " })
        }
    }

    @Test func `API md has every operation once`() throws {
        let documented = Self.names(try Document("Docs/API.md").column("operation"))
        let operations = APIService.targets.map { $0.split(separator: ".").last.map(String.init) ?? $0 }
        #expect(documented.sorted() == operations.sorted())
    }

    /// The codes of errors in the API's sources.
    private static func codes() throws -> Set<String> {
        var codes: Set<String> = []
        for folder in ["Sources/Operations", "Sources/Listeners"] {
            for source in try Document.texts(in: folder, ext: "swift") {
                let names = source.matches(
                    of:
                        /"([A-Z][A-Za-z]+Exception|MissingAction|InternalFailure|ServiceUnavailable|IncompleteBody)"/
                )
                codes.formUnion(names.map { String($0.1) })
            }
        }
        return codes
    }

    @Test func `API md has every error once`() throws {
        let documented = Self.names(try Document("Docs/API.md").column("error"))
        #expect(documented.sorted() == (try Self.codes()).sorted())
    }

    @Test func `Operations md has every metric`() throws {
        let text = try InMemoryAPI().service.metricsText
        let shown = Set(text.matches(of: /signet_[a-z_]+/).map { String($0.0) })
        let documented = Set(
            try Document("Docs/Operations.md").column("counter").flatMap { cell in
                cell.matches(of: /signet_[a-z_]+/).map { String($0.0) }
            })
        #expect(!shown.isEmpty)
        #expect(documented == shown)
    }

    @Test func `every source file that a document names is there`() throws {
        let documents = try FileManager.default.contentsOfDirectory(
            atPath: Document.root.appendingPathComponent("Docs").path
        ).filter { $0.hasSuffix(".md") }.map { "Docs/\($0)" }
        for document in documents + ["ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "README.md"] {
            for match in try Document(document).text.matches(of: /`([A-Z][A-Za-z]+\/[A-Za-z+.\/]+\.swift)`/) {
                let path = String(match.1)
                let places = ["Sources/\(path)", "Tests/\(path)", path]
                let isThere = places.contains {
                    FileManager.default.fileExists(atPath: Document.root.appendingPathComponent($0).path)
                }
                // A folder that was named before may be omitted.
                let isPart = path.hasPrefix("Policies/") || path.hasPrefix("Conditions/")
                #expect(isThere || isPart, "\(document) names \(path)")
            }
        }
    }
}
