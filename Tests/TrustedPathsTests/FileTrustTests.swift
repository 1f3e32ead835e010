import Foundation
import TestSupport
import Testing
import TrustedPaths

/// Every step to a file that affects decisions is checked in the order in which the kernel takes it.
struct FileTrustTests {
    private func make(_ place: TemporaryDirectory, _ path: String, _ mode: Int) throws {
        try FileManager.default.createDirectory(atPath: place.path(path), withIntermediateDirectories: true)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: place.path(path))
    }

    private func link(
        _ place: TemporaryDirectory, _ path: String, to target: String, of uid: uid_t = geteuid()
    ) throws {
        try FileManager.default.createSymbolicLink(atPath: place.path(path), withDestinationPath: target)
        #expect(lchown(place.path(path), uid, gid_t.max) == 0)
    }

    @Test(.enabled(if: geteuid() == 0, "a link of another user needs root"))
    func `a link of another user is not followed, wherever it is`() throws {
        let place = try TemporaryDirectory()
        try make(place, "own/deep", 0o755)
        try place.write("own/policy.json", "{}")
        try place.write("own/deep/policy.json", "{}")
        try make(place, "shared", 0o1777)
        let foreign: uid_t = 3999
        // A directory, the file itself, a link behind a link, and the target of a trusted link.
        try link(place, "shared/directory", to: place.path("own"), of: foreign)
        try link(place, "shared/file.json", to: place.path("own/policy.json"), of: foreign)
        try link(place, "shared/deep", to: "../own/deep", of: foreign)
        try link(place, "trusted", to: place.path("shared/directory"))
        try link(place, "shared/own", to: place.path("own"))
        for (path, culprit) in [
            ("shared/directory/policy.json", "shared/directory"), ("shared/file.json", "shared/file.json"),
            ("shared/deep/policy.json", "shared/deep"), ("trusted/policy.json", "shared/directory"),
            // The lexical parent of a link is not the target of `..`.
            ("shared/deep/../policy.json", "shared/deep"),
        ] {
            let fault = FileTrust.fault(ofFile: place.path("") + "/" + path)
            #expect(
                fault?.contains("the link `\(place.path(culprit))` belongs to uid 3999") == true,
                "\(path): \(String(describing: fault))")
        }
        // Links of root and of the daemon's own user are followed, also in a sticky directory.
        #expect(FileTrust.fault(ofFile: place.path("shared/own/policy.json")) == nil)
        #expect(FileTrust.fault(ofFile: place.path("own/deep/../policy.json")) == nil)
        #expect(FileTrust.fault(ofFile: place.path("own/nothing.json")) == nil)
    }

    @Test func `the directories that a link leads through are checked, not those in its text`() throws {
        let place = try TemporaryDirectory()
        try make(place, "open/inner", 0o755)
        try make(place, "open", 0o777)
        try place.write("open/policy.json", "{}")
        try link(place, "link", to: "open/inner")
        // By its text it is `policy.json` beside the link; the kernel finds it in the writable directory.
        let fault = FileTrust.fault(ofFile: place.path("") + "/link/../policy.json")
        #expect(
            fault?.contains("others can write the directory `\(place.path("open"))`") == true,
            "\(String(describing: fault))")
        try place.write("policy.json", "{}")
        #expect(FileTrust.fault(ofFile: place.path("policy.json")) == nil)
    }

    struct Mode: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let directory: Int
        let file: Int
        /// The part that others can write; nil if there is none.
        let open: String?
    }

    static let modes = [
        Mode(testDescription: "only the owner can write", directory: 0o755, file: 0o644, open: nil),
        Mode(testDescription: "only the owner can read", directory: 0o700, file: 0o600, open: nil),
        Mode(testDescription: "all users can write the file", directory: 0o755, file: 0o646, open: "it"),
        Mode(testDescription: "the group can write the file", directory: 0o755, file: 0o664, open: "it"),
        Mode(
            testDescription: "all users can write the directory", directory: 0o757, file: 0o644,
            open: "directory"),
        Mode(
            testDescription: "the group can write the directory", directory: 0o775, file: 0o644,
            open: "directory"),
        // In a directory with the sticky bit, another user cannot replace the file.
        Mode(testDescription: "a sticky directory", directory: 0o1777, file: 0o644, open: nil),
        Mode(
            testDescription: "a file writable by all in a sticky directory", directory: 0o1777, file: 0o666,
            open: "it"),
    ]

    @Test(arguments: modes)
    func `a file is trusted if only its owner can write it and the path to it`(_ mode: Mode) throws {
        let place = try TemporaryDirectory()
        try make(place, "directory", mode.directory)
        try place.write("directory/policy.json", "{}", mode: mode.file)
        let culprit = mode.open == "it" ? "it" : "the directory `\(place.path("directory"))`"
        let expected = "cannot be trusted: others can write \(culprit); take it from them (chmod go-w)"
        #expect(
            FileTrust.fault(ofFile: place.path("directory/policy.json")) == mode.open.map { _ in expected })
        // A link to the file is trusted exactly as the file.
        try link(place, "link", to: "directory/policy.json")
        #expect(FileTrust.fault(ofFile: place.path("link")) == mode.open.map { _ in expected })
    }

    @Test(.enabled(if: geteuid() == 0, "a file of another user needs root"))
    func `a file or directory of another user is not trusted`() throws {
        let place = try TemporaryDirectory()
        try make(place, "directory", 0o755)
        try place.write("directory/policy.json", "{}")
        #expect(chown(place.path("directory/policy.json"), 3999, gid_t.max) == 0)
        #expect(
            FileTrust.fault(ofFile: place.path("directory/policy.json"))?.contains("it belongs to uid 3999")
                == true)
        #expect(chown(place.path("directory/policy.json"), 0, gid_t.max) == 0)
        #expect(chown(place.path("directory"), 3999, gid_t.max) == 0)
        let fault = FileTrust.fault(ofFile: place.path("directory/policy.json"))
        #expect(fault?.contains("the directory `\(place.path("directory"))` belongs to uid 3999") == true)
    }

    @Test func `a file that cannot be examined is not trusted`() throws {
        let place = try TemporaryDirectory()
        try place.write("file", "{}")
        // ENOTDIR: a file in place of a directory.
        let behind = FileTrust.fault(ofFile: place.path("file") + "/policy.json")
        #expect(
            behind?.contains("the owner and mode of `\(place.path("file"))/policy.json` cannot be read")
                == true)
        try link(place, "a", to: place.path("b"))
        try link(place, "b", to: place.path("a"))
        #expect(FileTrust.fault(ofFile: place.path("a"))?.contains("without an end") == true)
        let long = place.path(String(repeating: "x", count: 300))
        #expect(FileTrust.fault(ofFile: long)?.contains("cannot be read: File name too long") == true)
    }
}
