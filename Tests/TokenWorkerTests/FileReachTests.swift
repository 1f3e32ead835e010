import Foundation
import TestSupport
import Testing
import TokenProtocol

@testable import TokenWorker

/// The files that Landlock leaves accessible to a module. The tests only compute the rules, without applying
/// them.
struct FileReachTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        for name in ["state", "token", "lib"] {
            try FileManager.default.createDirectory(
                atPath: directory.path(name), withIntermediateDirectories: false)
        }
        try directory.write("state/signet.sqlite", "")
        try directory.write("lib/module.so", "")
    }

    private func places(
        paths: [String] = [], hidden: [String] = [], profile: TokenProfile = .standard,
        environment: [String: String] = [:]
    ) throws -> [(path: String, isWritable: Bool)] {
        let opening = WorkerRequest.Opening(
            module: ModuleLocation(path: directory.path("lib/module.so")), tokenURI: "pkcs11:token=t",
            pin: .prompt,
            sessions: 1, profile: profile,
            confinement: WorkerConfinement(
                paths: paths.map(directory.path), protected: [directory.path("state")], hidden: hidden))
        return try FileReach(opening, environment: environment).places().map {
            close($0.descriptor)
            return ($0.path, $0.isWritable)
        }
    }

    /// Whether the list contains `path` or a directory above it.
    private func reaches(_ places: [(path: String, isWritable: Bool)], _ path: String) -> Bool {
        places.contains { RealPath(resolving: $0.path).contains(RealPath(resolving: path)) }
    }

    @Test func `a module can read the system and its own directory, and write its paths`() throws {
        let places = try places(paths: ["token"])
        #expect(reaches(places, "/usr/lib") && reaches(places, "/etc/hosts"))
        #expect(reaches(places, directory.path("lib/module.so")))
        #expect(places.contains { $0.path == directory.path("token") && $0.isWritable })
        for closed in ["/", "/var/lib", "/root", "/home", "/run", "/tmp", "/proc/1", directory.path("state")]
        {
            #expect(!reaches(places, closed), "\(closed)")
        }
        let written = places.filter(\.isWritable).map(\.path)
        #expect(
            Set(written).subtracting(["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"])
                == [directory.path("token")])
    }

    @Test(arguments: ["state", "state/signet.sqlite", "", "link", "up"])
    func `no path, and no link to one, leads to the daemon's directory`(_ path: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: directory.path("link"), withDestinationPath: directory.path("state"))
        try FileManager.default.createSymbolicLink(
            atPath: directory.path("up"), withDestinationPath: directory.path)
        let error = #expect(throws: WorkerFailure.self) { try places(paths: ["token", path]) }
        #expect(error?.failureClass == .configuration)
        #expect(error?.message.contains("which no module may reach") == true, "\(String(describing: error))")
    }

    @Test func `a profile's paths are checked against the daemon's directory too`() throws {
        let error = #expect(throws: WorkerFailure.self) {
            try places(profile: TokenProfile(name: "p", paths: [directory.path]))
        }
        #expect(
            error?.message.contains("`paths` of the profile names, contains") == true,
            "\(String(describing: error))")
        // A missing path is omitted.
        _ = try places(profile: TokenProfile(name: "p", paths: ["/there/is/nothing"]))
    }

    @Test func `in a system directory everything but hidden files is readable`() throws {
        let places = try places(hidden: ["/etc/hosts", "/usr/share"])
        #expect(!reaches(places, "/etc/hosts") && reaches(places, "/etc/passwd"))
        #expect(!reaches(places, "/usr/share/doc") && reaches(places, "/usr/lib"))
    }

    @Test func `in the directory of the module everything but hidden files is readable`() throws {
        try directory.write("lib/pin", "")
        try directory.write("lib/other.so", "")
        // Links out of the directory are not followed, and cycles end.
        for (name, target) in [("root", "/"), ("home", "/root"), ("self", ".")] {
            try FileManager.default.createSymbolicLink(
                atPath: directory.path("lib/\(name)"), withDestinationPath: target)
        }
        let places = try places(hidden: [directory.path("lib/pin")])
        #expect(!reaches(places, directory.path("lib/pin")))
        #expect(!reaches(places, "/root") && !reaches(places, "/var"))
        #expect(
            reaches(places, directory.path("lib/other.so"))
                && reaches(places, directory.path("lib/module.so")))
    }

    @Test func `files that a module wrote in its own directory grant no access to the next worker`() throws {
        // Links in place of configured names, and a configuration that the module could write.
        for name in ["token/data", "token/a", "token/vendor.conf"] {
            try FileManager.default.createSymbolicLink(
                atPath: directory.path(name), withDestinationPath: "/root")
        }
        try directory.write("token/softhsm2.conf", "directories.tokendir = /root\n")
        let within = [
            "SOFTHSM2_CONF": directory.path("token/softhsm2.conf"),
            "VENDOR": directory.path("token/vendor.conf"),
        ]
        let listed = try places(paths: ["token/data", "token/a/b", "token"], environment: within)
        #expect(!reaches(listed, "/root") && !listed.contains { $0.path.hasPrefix("/root") })
        #expect(reaches(listed, directory.path("token")))
        // A configuration in the very directory that it names.
        try directory.write("token/softhsm2.conf", "directories.tokendir = \(directory.path("token"))\n")
        #expect(try !reaches(places(environment: within), directory.path("token")))
        // Elsewhere the configuration is trusted.
        try directory.write("softhsm2.conf", "directories.tokendir = \(directory.path("token"))\n")
        let beside = ["SOFTHSM2_CONF": directory.path("softhsm2.conf")]
        #expect(
            try places(environment: beside).contains { $0.path == directory.path("token") && $0.isWritable })
    }

    @Test func `the paths in a module's own configuration are found`() throws {
        try directory.write(
            "softhsm2.conf",
            "# directories.tokendir = /no\n\tdirectories.tokendir =  /a b/tokens \r\nlog.level = x\n")
        var opening = WorkerRequest.Opening(
            module: ModuleLocation(path: directory.path("lib/module.so")), tokenURI: "", pin: .prompt,
            sessions: 1)
        opening.profile.initializeParameters = "x configdir='sql:/var/nss' secmod='s'"
        let files = ModuleFiles(
            opening,
            environment: [
                "SOFTHSM2_CONF": directory.path("softhsm2.conf"), "TPM2_PKCS11_STORE": "/var/tpm2",
                "HOME": "/",
                "CONF": "\(directory.path("state/signet.sqlite")):/there/is/nothing",
                "LD_LIBRARY_PATH": "/x/lib:relative:/y/lib",
            ])
        #expect(files.named.map(\.path).sorted() == ["/a b/tokens", "/var/nss", "/var/tpm2"])
        #expect(
            Set(files.read) == [
                directory.path("lib/module.so"), directory.path("lib"), directory.path("softhsm2.conf"),
                directory.path("state/signet.sqlite"), "/x/lib", "/y/lib",
            ])
        opening.profile.initializeParameters = "configdir='sql:relative'"
        #expect(ModuleFiles(opening, environment: ["SOFTHSM2_CONF": "/etc"]).named.isEmpty)
    }

    @Test func `paths are compared by octets and complete names`() {
        func contains(_ path: String, _ other: String) -> Bool {
            RealPath(resolving: path).contains(RealPath(resolving: other))
        }
        #expect(contains("/", "/x") && contains("/x/y", "/x/y") && contains("/x/y", "/x/y/z"))
        #expect(
            !contains("/x/y", "/x/yz") && !contains("/x/y", "/x") && !contains("/x/e\u{301}", "/x/\u{E9}/a"))
        // A combining mark after a slash is a separate name.
        #expect(contains("/x", "/x/\u{301}y"))
    }
}
