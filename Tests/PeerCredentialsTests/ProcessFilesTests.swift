import Foundation
import Glibc
import Testing

@testable import PeerCredentials

struct ProcessFilesTests {
    static let status = "Name:\tsh\nState:\tS\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nGroups:\t9 \n"

    @Test func `effective IDs are read from a status file`() {
        let status = ProcessStatus(procFile: Self.status.utf8)
        #expect(status?.uid == 2 && status?.gid == 6)
    }

    @Test func `no octet beside a separator of a status file gives other IDs`() {
        let octets = Array(Self.status.utf8)
        for place in octets.indices where "\t\n:".utf8.contains(octets[place]) {
            for joiner in ControlGroupTests.joiners {
                for at in [place, place + 1] {
                    var changed = octets
                    changed.insert(contentsOf: joiner, at: at)
                    let status = ProcessStatus(procFile: changed)
                    #expect(status == nil || (status?.uid == 2 && status?.gid == 6), "\(changed)")
                }
            }
        }
    }

    @Test func `a status file with a repeated line, signs or an overflow gives nothing`() {
        for text in [
            Self.status + "Uid:\t0\t0\t0\t0\n", "Uid:\t1\t-2\t3\t4\nGid:\t5\t6\t7\t8\n",
            "Uid:\t1\t+2\t3\t4\nGid:\t5\t6\t7\t8\n", "Uid:\t1\t4294967296\t3\t4\nGid:\t5\t6\t7\t8\n",
            "Uid:\t1\t2\t3\nGid:\t5\t6\t7\t8\n", "Uid:\t1\t\u{662}\t3\t4\nGid:\t5\t6\t7\t8\n",
        ] { #expect(ProcessStatus(procFile: text.utf8) == nil, "\(text)") }
    }

    @Test func `ranges of subordinate users are read line by line`() {
        let text =
            "anna:100000:65536\nbo\u{301}:200000:10\n3030:300000:1\nbad:1\n\n#a:1:1\nnone:5:0\nlate:4294967290:100\n"
        let entries = SubordinateUsers.entries(in: Array(text.utf8)) {
            $0.utf8.elementsEqual("anna".utf8) ? 7 : nil
        }
        #expect(
            entries == [
                .init(owner: 7, range: 100_000...165_535), .init(owner: nil, range: 200_000...200_009),
                .init(owner: 3030, range: 300_000...300_000),
                .init(owner: nil, range: 4_294_967_290...UInt32.max),
            ])
    }

    /// newuidmap(1) accepts other bases, signs and blanks, so an unusual line may be a range.
    @Test(arguments: ["0x100:5", "+640000:10", " 610000:10", "0620000:10", "1:0x5", "x:1", "99999999999:1"])
    func `an unreadable range counts as every user above 65,535`(_ range: String) {
        let entries = SubordinateUsers.entries(in: Array("3038:\(range)\n".utf8)) { _ in nil }
        #expect(entries == [.init(owner: 3038, range: 65_536...UInt32.max)])
    }

    @Test func `the file of ranges is read again after a change`() throws {
        let path = NSTemporaryDirectory() + "subuid-\(UUID())"
        defer { unlink(path) }
        let users = SubordinateUsers(path: path)
        #expect(users.standing(of: 100_000) == .ordinary)
        try Data("0:100000:10\n".utf8).write(to: URL(fileURLWithPath: path))
        #expect(users.standing(of: 100_000) == .subordinate(of: 0))
        #expect(users.standing(of: 100_010) == .ordinary)
        try Data("0:100000:11\n# longer\n".utf8).write(to: URL(fileURLWithPath: path))
        #expect(users.standing(of: 100_010) == .subordinate(of: 0))
    }

    /// The answers of kernels from 6.5 on for a peer that was reaped. Only an unknown option means an older
    /// kernel.
    @Test func `only an unknown option means an old kernel`() {
        func name(_ error: Int32) -> String {
            switch SocketPeer.hold(forError: error) {
            case .numberOnly: "old kernel"
            case .ended: "ended"
            case .pidfd: "held"
            case nil: "unknown"
            }
        }
        #expect(name(ENOPROTOOPT) == "old kernel")
        for error in [EINVAL, ESRCH, ENODATA] { #expect(name(error) == "ended") }
        for error in [EMFILE, ENFILE, ENOMEM, EPERM, EIO] { #expect(name(error) == "unknown") }
    }

    @Test func `a peer that has exited is refused, and a live one is known with all its groups`() throws {
        var pair: [Int32] = [-1, -1]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        defer { pair.forEach { close($0) } }
        let peer = try #require(SocketPeer(socket: pair[0]))
        #expect(peer.pid == getpid() && peer.uid == geteuid() && peer.gid == getegid())
        var groups = [UInt32](repeating: 0, count: 65_536)
        let count = getgroups(Int32(groups.count), &groups)
        #expect(peer.groups.sorted() == groups.prefix(Int(count)).sorted())
        _ = try peer.process.facts()
        let ended = PeerProcess(pid: 1, uid: 0, gid: 0, hold: .ended)
        #expect(throws: PeerProcess.Fault.self) { try ended.facts() }
    }
}
