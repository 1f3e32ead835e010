import Foundation
import Testing

@testable import PeerCredentials

struct ControlGroupTests {
    /// Octets that the kernel accepts in a name and that a `Character` joins to its neighbors.
    static let joiners: [[UInt8]] = [
        Array("\u{301}".utf8), Array("\u{200D}".utf8), Array("\u{FE0F}".utf8), Array("\u{E0100}".utf8),
        Array("\u{1F1E6}".utf8), Array("\u{20E3}".utf8), Array("\u{0C4D}".utf8), Array("\r".utf8), [0x00],
        [0x80], [0xCC], [0xFF], Array("\u{2028}".utf8), Array("\u{85}".utf8), [0x7F], [0x1B],
    ]

    static func unit(_ octets: [UInt8]) -> String? { ControlGroup(procFile: octets)?.unit }

    /// Attack 1: a slice whose name starts with a combining mark, within a user's own service.
    @Test func `a combining mark after a separator joins nothing`() {
        let forged =
            "0::/user.slice/user-3009.slice/user@3009.service/\u{301}x.slice/\u{301}x.slice/ingress.service\n"
        #expect(Self.unit(Array(forged.utf8)) == nil)
        #expect(ControlGroup(procFile: forged.utf8) == nil)
        let honest = "0::/user.slice/user-3009.slice/user@3009.service/app.slice/ingress.service\n"
        #expect(Self.unit(Array(honest.utf8)) == "user@3009.service")
    }

    /// No octet at a separator anywhere in the file makes a process appear in a unit that the file does not
    /// name.
    @Test func `no octet beside a separator changes the unit`() throws {
        let files = [
            "0::/user.slice/user-3009.slice/user@3009.service/x.slice/ingress.service\n",
            "12:pids:/a\n1:name=systemd:/user.slice/user@3009.service/ingress.service\n0::/ingress.service\n",
            "0::/system.slice/honest.service/payload/ingress.service\n",
        ]
        for file in files {
            let octets = Array(file.utf8)
            let own = Self.unit(octets)
            #expect(own != nil && own != "ingress.service")
            for place in octets.indices where "/:\n.@=".utf8.contains(octets[place]) {
                for joiner in Self.joiners {
                    for at in [place, place + 1] {
                        var changed = octets
                        changed.insert(contentsOf: joiner, at: at)
                        let unit = Self.unit(changed)
                        #expect(unit == nil || unit == own, "\(changed): \(unit ?? "")")
                    }
                }
            }
        }
    }

    struct Path: Sendable {
        let path: String
        let unit: String?
        var isGroup = true
    }

    @Test(arguments: [
        Path(path: "/", unit: nil), Path(path: "/system.slice/issuer.service", unit: "issuer.service"),
        Path(path: "/system.slice/issuer.service/inner.service", unit: "issuer.service"),
        Path(path: "/_issuer.service", unit: "issuer.service"),
        Path(path: "/system.slice/a b.service", unit: nil),
        Path(path: "/system.slice/notaunit/issuer.service", unit: nil),
        Path(path: "/.service", unit: nil), Path(path: "/a.slice", unit: nil),
        Path(path: "/init.scope", unit: "init.scope"),
        Path(path: "/x\\x2dy.service", unit: "x\\x2dy.service"),
        Path(path: "/..", unit: nil, isGroup: false),
        Path(path: "/a/../b.service", unit: nil, isGroup: false),
        Path(path: "/a/./b.service", unit: nil, isGroup: false),
        Path(path: "/a//b.service", unit: nil, isGroup: false),
        Path(path: "/a.service/", unit: nil, isGroup: false),
        Path(path: "a.service", unit: nil, isGroup: false), Path(path: "", unit: nil, isGroup: false),
        Path(path: "/a.service (deleted)", unit: nil, isGroup: false),
        Path(path: "/caf\u{E9}.service", unit: nil, isGroup: false),
        Path(path: "/a.slice/\u{202E}x.service", unit: nil, isGroup: false),
        Path(path: "/a\tb.service", unit: nil, isGroup: false),
    ])
    func `a path is printable ASCII with complete components`(_ path: Path) {
        let group = ControlGroup(path: path.path.utf8)
        #expect((group != nil) == path.isGroup)
        #expect(group?.unit == path.unit)
        #expect(ControlGroup(procFile: "0::\(path.path)\n".utf8)?.unit == path.unit)
    }

    @Test func `a malformed line gives no group`() {
        for file in ["", "0:/a.service\n", "junk\n0::/a.service\n", "1:cpu:/a.service\n", "0:x:/a.service\n"]
        {
            #expect(ControlGroup(procFile: file.utf8) == nil, "\(file)")
        }
    }
}
