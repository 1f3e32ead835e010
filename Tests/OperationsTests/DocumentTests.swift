import Foundation
import Operations
import Testing

/// The documents name what the program has, and nothing else.
struct DocumentTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// The first cells of the tables whose first column has this heading.
    private static func column(_ heading: String, of path: String) throws -> [String] {
        var cells: [String] = []
        var isInTable = false
        for line in try text(path).split(separator: "\n", omittingEmptySubsequences: false) {
            let row = line.split(separator: "|", omittingEmptySubsequences: false)
            guard line.hasPrefix("|"), row.count > 2 else {
                isInTable = false
                continue
            }
            let cell = row[1].trimmingCharacters(in: .whitespaces)
            if isInTable, !cell.hasPrefix("--") { cells.append(cell) }
            if cell == heading { isInTable = true }
        }
        return cells
    }

    private static func names(_ cells: [String]) -> [String] {
        cells.flatMap { $0.split(separator: ",") }.map {
            String($0.trimmingCharacters(in: .whitespaces).prefix { $0 != " " })
        }
    }

    @Test func `API md has every operation once`() throws {
        let documented = Self.names(try Self.column("operation", of: "Docs/API.md"))
        let operations = APIService.targets.map { $0.split(separator: ".").last.map(String.init) ?? $0 }
        #expect(documented.sorted() == operations.sorted())
    }

    /// The codes of errors that the sources of the API make.
    private static func codes() throws -> Set<String> {
        var codes: Set<String> = []
        for folder in ["Sources/Operations", "Sources/Listeners"] {
            let files = FileManager.default.enumerator(
                at: root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
            for case let file as URL in try #require(files) where file.pathExtension == "swift" {
                let source = try String(contentsOf: file, encoding: .utf8)
                for match in source.matches(
                    of: /"([A-Z][A-Za-z]+Exception|MissingAction|InternalFailure|IncompleteBody)"/)
                {
                    codes.insert(String(match.1))
                }
            }
        }
        return codes
    }

    @Test func `API md has every error once`() throws {
        let documented = Self.names(try Self.column("error", of: "Docs/API.md"))
        #expect(documented.sorted() == (try Self.codes()).sorted())
    }

    @Test func `Operations md has every metric`() throws {
        let text = try InMemoryAPI().service.metricsText
        let shown = Set(text.matches(of: /signet_[a-z_]+/).map { String($0.0) })
        let documented = Set(
            try Self.column("counter", of: "Docs/Operations.md").flatMap { cell in
                cell.matches(of: /signet_[a-z_]+/).map { String($0.0) }
            })
        #expect(!shown.isEmpty)
        #expect(documented == shown)
    }

    @Test func `every source file that a document names is there`() throws {
        let documents = try FileManager.default.contentsOfDirectory(
            atPath: Self.root.appendingPathComponent("Docs").path
        ).filter { $0.hasSuffix(".md") }.map { "Docs/\($0)" }
        for document in documents + ["ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "README.md"] {
            for match in try Self.text(document).matches(of: /`([A-Z][A-Za-z]+\/[A-Za-z+.\/]+\.swift)`/) {
                let path = String(match.1)
                let places = ["Sources/\(path)", "Tests/\(path)", path]
                let isThere = places.contains {
                    FileManager.default.fileExists(atPath: Self.root.appendingPathComponent($0).path)
                }
                // A folder that was named before can be left out.
                let isPart = path.hasPrefix("Policies/") || path.hasPrefix("Conditions/")
                #expect(isThere || isPart, "\(document) names \(path)")
            }
        }
    }
}
