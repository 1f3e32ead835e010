import Buckets
import Foundation
import Publication
import TestSupport
import Testing

struct DirectoryBucketsTests {
    private let place: TemporaryDirectory
    private let buckets: DirectoryBuckets
    private static let key = "audit-report/ca/report.json"

    init() throws {
        place = try TemporaryDirectory()
        buckets = DirectoryBuckets(["reports": place.path])
    }

    private func files() throws -> [String] {
        try Command.output("find", [place.path, "-type", "f", "-printf", "%P\n"]).split(separator: "\n").map(
            String.init)
    }

    @Test func `an object appears under its key when it is finished, and not before`() async throws {
        #expect(buckets.contains("reports") && !buckets.contains("other"))
        let object = try await buckets.begin(Self.key, in: "reports")
        try await object.append(Array("one ".utf8))
        try await object.append(Array("two".utf8))
        #expect(try files() == ["audit-report/ca/.report.json.unfinished"])
        try await object.finish()
        #expect(try files() == [Self.key])
        #expect(try place.text(Self.key) == "one two")
        // Another object, in directories that exist now.
        let other = try await buckets.begin("audit-report/ca/other.csv", in: "reports")
        try await other.finish()
        #expect(try files().sorted() == ["audit-report/ca/other.csv", Self.key])
    }

    @Test func `an abandoned or unfinished object leaves nothing behind`() async throws {
        let object = try await buckets.begin(Self.key, in: "reports")
        try await object.append([1])
        await object.abandon()
        #expect(try files() == [])
        _ = try await buckets.begin(Self.key, in: "reports")
        try place.write("audit-report/ca/other", "stays")
        try await buckets.discardUnfinished(Self.key, in: "reports")
        try await buckets.discardUnfinished(Self.key, in: "reports")
        #expect(try files() == ["audit-report/ca/other"])
    }

    @Test func `an existing object is not overwritten`() async throws {
        for text in ["first", "second"] {
            let object = try await buckets.begin(Self.key, in: "reports")
            try await object.append(Array(text.utf8))
            if text == "first" {
                try await object.finish()
            } else {
                await #expect(throws: BucketError.self) { try await object.finish() }
                await object.abandon()
            }
        }
        #expect(try place.text(Self.key) == "first")
    }

    @Test(arguments: [
        (bucket: "2750", directory: "2750", file: "640"), ("700", "700", "600"), ("755", "755", "644"),
    ])
    func `users who may read the bucket's directory may read its objects`(
        _ mode: (bucket: String, directory: String, file: String)
    ) async throws {
        try Command.output("chmod", [mode.bucket, place.path])
        try await buckets.begin(Self.key, in: "reports").finish()
        let modes = try Command.output(
            "stat",
            ["--format=%a", place.path("audit-report"), place.path("audit-report/ca"), place.path(Self.key)])
        #expect(modes == "\(mode.directory)\n\(mode.directory)\n\(mode.file)\n")
    }

    @Test func `an error of the system is reported without a path`() async throws {
        try place.write("audit-report", "a file")
        let error = await #expect(throws: BucketError.self) {
            try await buckets.begin(Self.key, in: "reports")
        }
        #expect(error?.reason == "a file is in the way")
        let gone = DirectoryBuckets(["reports": place.path("gone")])
        let missing = await #expect(throws: BucketError.self) {
            try await gone.begin(Self.key, in: "reports")
        }
        #expect(missing?.reason == "the directory is not there")
        #expect(missing?.path == place.path("gone"))
    }
}
