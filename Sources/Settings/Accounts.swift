internal import CPlatform

/// Looks up users and groups by the name or number an operator wrote.
enum Accounts {
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
}
