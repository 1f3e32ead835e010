internal import CPlatform
internal import Glibc

/// Looks up users and groups by the name or number an operator wrote.
public enum Accounts {
    /// Nil when there is no such user.
    static func uid(_ text: String) -> UInt32? {
        if let number = UInt32(text) { return number }
        var uid: UInt32 = 0
        return unsafe signet_find_user(text, &uid) == 0 ? uid : nil
    }

    /// Nil when there is no such group.
    static func gid(_ text: String) -> UInt32? {
        if let number = UInt32(text) { return number }
        var gid: UInt32 = 0
        return unsafe signet_find_group(text, &gid) == 0 ? gid : nil
    }

    /// The names of a group's members; none for a group there is not.
    static func members(_ gid: UInt32) -> Set<String> {
        var names = [CChar](repeating: 0, count: 65536)
        guard unsafe signet_group_members(gid, &names, names.count) == 0 else { return [] }
        let text = String(decoding: names.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return Set(text.split(separator: "\n").map(String.init))
    }

    /// Whether this process may give files to a group: it is root's, or a member.
    public static func mayGiveFiles(toGroup gid: UInt32) -> Bool {
        if geteuid() == 0 || gid == getegid() { return true }
        var groups = [gid_t](repeating: 0, count: 65_536)
        let count = unsafe getgroups(Int32(groups.count), &groups)
        return groups.prefix(Int(max(0, count))).contains(gid)
    }
}
