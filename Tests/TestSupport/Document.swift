public import Foundation

/// A document of the project, for tests that compare it with the program's own tables.
public struct Document: Sendable {
    public static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    public let text: String

    /// - Parameter path: relative to the root of the project, such as `Docs/API.md`
    public init(_ path: String) throws {
        text = try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
    }

    /// The texts of all files of one kind in a folder and its subfolders.
    public static func texts(in folder: String, ext: String) throws -> [String] {
        let directory = root.appendingPathComponent(folder)
        return try FileManager.default.subpathsOfDirectory(atPath: directory.path)
            .filter { $0.hasSuffix(".\(ext)") }
            .map { try String(contentsOf: directory.appendingPathComponent($0), encoding: .utf8) }
    }

    /// The shell blocks of the section with this heading.
    public func shell(inSection heading: String) -> [String] { blocks("sh", inSection: heading) }

    /// The blocks in a language, such as `yaml`, of the section with this heading.
    public func blocks(_ language: String, inSection heading: String) -> [String] {
        let sections = text.components(separatedBy: "\n## ")
        guard let section = sections.first(where: { $0.hasPrefix("\(heading)\n") }) else { return [] }
        let blocks = section.components(separatedBy: "\n```\(language)\n").dropFirst()
        return blocks.map { $0.components(separatedBy: "\n```")[0] + "\n" }
    }

    /// The first cells of the tables whose first column has this heading.
    public func column(_ heading: String) -> [String] { rows(heading).map { $0[0] } }

    /// The rows of the tables whose first column has this heading.
    public func rows(_ heading: String) -> [[String]] {
        var rows: [[String]] = []
        var isInTable = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let row = line.split(separator: "|", omittingEmptySubsequences: false)
            guard line.hasPrefix("|"), row.count > 2 else {
                isInTable = false
                continue
            }
            let cells = row.dropFirst().dropLast().map { $0.trimmingCharacters(in: .whitespaces) }
            if isInTable, cells[0].contains(where: { $0 != "-" && $0 != ":" }) { rows.append(cells) }
            if cells[0] == heading { isInTable = true }
        }
        return rows
    }
}
