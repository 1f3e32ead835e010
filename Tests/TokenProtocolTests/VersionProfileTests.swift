import Testing
import TokenProtocol

struct VersionProfileTests {
    private static let profile = {
        var profile = TokenProfile(name: "p", omittedFromTemplates: ["CKA_DERIVE"])
        var old = VersionProfile(from: nil, below: LibraryVersion(major: 3, minor: 9))
        old.omittedFromTemplates = ["CKA_COPYABLE"]
        old.mayBeUnavailable = ["CKA_COPYABLE"]
        old.adjusted = ["CKA_PRIVATE": false]
        old.returnValues = [0x8000_0001: .device]
        var later = VersionProfile(
            from: LibraryVersion(major: 3, minor: 20), below: LibraryVersion(major: 4, minor: 0))
        later.omittedFromTemplates = ["CKA_UNWRAP"]
        profile.versions = [old, later]
        return profile
    }()

    struct Case: Sendable {
        let major: UInt8
        let minor: UInt8
        let omitted: Set<String>
    }

    @Test(arguments: [
        Case(major: 2, minor: 40, omitted: ["CKA_COPYABLE"]),
        Case(major: 3, minor: 8, omitted: ["CKA_COPYABLE"]),
        Case(major: 3, minor: 9, omitted: ["CKA_DERIVE"]), Case(major: 3, minor: 19, omitted: ["CKA_DERIVE"]),
        Case(major: 3, minor: 20, omitted: ["CKA_UNWRAP"]),
        Case(major: 3, minor: 99, omitted: ["CKA_UNWRAP"]),
        Case(major: 4, minor: 0, omitted: ["CKA_DERIVE"]),
    ])
    func `settings for some versions apply to exactly those versions`(_ one: Case) {
        let resolved = Self.profile.resolved(for: LibraryVersion(major: one.major, minor: one.minor))
        #expect(resolved.omittedFromTemplates == one.omitted)
        #expect(resolved.versions.isEmpty)
        let isOld = one.omitted.contains("CKA_COPYABLE")
        #expect(resolved.mayBeUnavailable == (isOld ? ["CKA_COPYABLE"] : []))
        #expect(resolved.adjusted == (isOld ? ["CKA_PRIVATE": false] : [:]))
        #expect(resolved.returnValues == (isOld ? [0x8000_0001: .device] : [:]))
    }

    @Test func `ranges that share a version overlap`() {
        func range(_ from: UInt8?, _ below: UInt8?) -> VersionProfile {
            VersionProfile(
                from: from.map { LibraryVersion(major: 1, minor: $0) },
                below: below.map { LibraryVersion(major: 1, minor: $0) })
        }
        #expect(range(nil, 5).overlaps(range(4, nil)) && range(4, nil).overlaps(range(nil, 5)))
        #expect(!range(nil, 5).overlaps(range(5, nil)) && !range(5, nil).overlaps(range(nil, 5)))
        #expect(range(1, 9).overlaps(range(3, 4)) && range(3, 4).overlaps(range(1, 9)))
        #expect(range(nil, 2).overlaps(range(nil, 9)) && !range(1, 3).overlaps(range(3, 5)))
    }

    @Test func `a profile with versions is read from a frame as it was written`() throws {
        let opening = WorkerRequest.Opening(
            module: ModuleLocation(path: "/m.so", traceModule: "/spy.so"), tokenURI: "pkcs11:token=t",
            pin: .file("/pin"), sessions: 1, profile: Self.profile, expectedSerialNumber: "12")
        let parsed = try WorkerRequest.parse(WorkerRequest.open(opening).frame(identifier: 1)[...])
        #expect(parsed.request == .open(opening))
    }
}
