internal import Dispatch
internal import Foundation
public import Publication

/// A directory for published files.
public struct PublishedDirectory: PublishedFiles {
    /// Absolute; it exists.
    private let path: String

    public init(_ path: String) { self.path = path }

    public func contents(_ key: String) async throws(BucketError) -> [UInt8]? {
        let file = "\(path)/\(key)"
        return try await FileObject.run(on: DispatchQueue(label: "signet.published"), about: file) {
            do { return Array(try Data(contentsOf: URL(fileURLWithPath: file))) } catch let error
                as CocoaError
                where error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile
            { return nil }
        }
    }

    public func size(_ key: String) async throws(BucketError) -> Int? {
        let file = "\(path)/\(key)"
        return try await FileObject.run(on: DispatchQueue(label: "signet.published"), about: file) {
            do {
                let attributes = try FileManager.default.attributesOfItem(atPath: file)
                return (attributes[.size] as? NSNumber)?.intValue
            } catch let error as CocoaError
                where error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile
            { return nil }
        }
    }

    public func replace(_ key: String, with octets: [UInt8]) async throws(BucketError) {
        // A file that a crash left.
        try await FileObject.discardUnfinished(key, below: path)
        let object = try await FileObject.begin(key, below: path)
        do throws(BucketError) {
            try await object.append(octets)
            try await object.replace()
        } catch {
            await object.abandon()
            throw error
        }
    }
}
