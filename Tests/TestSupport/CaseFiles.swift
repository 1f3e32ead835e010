import Foundation

/// Inputs in `Tests/Cases` that once exposed faults.
public enum CaseFiles {
    /// - Parameter path: folder and file
    public static func read(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(Products.root)/Tests/Cases/\(path)")))
    }
}
