internal import Foundation
internal import Settings
internal import VisibleText

/// The user that the daemon runs as, for a check by root.
enum DaemonUser {
    /// Makes this process the user's, with its groups, so that everything is checked as the daemon will find
    /// it. Without a name it is the owner of the database's directory. Only root can become another user.
    /// - Returns: the name or the number of the user that this process has now
    static func become(_ name: String?, configuration: String) throws(StartupError) -> String {
        guard let wanted = try uid(name, configuration), wanted != geteuid() else { return text(geteuid()) }
        guard geteuid() == 0 else {
            throw StartupError(
                "the configuration cannot be checked as the user `\(name ?? "\(wanted)")`: this process is uid \(Int(geteuid()))'s",
                hint: "run the check as root, or as that user", status: .usage)
        }
        let account = account(wanted)
        let areGroupsSet: Bool
        if let account {
            areGroupsSet = unsafe initgroups(account.name, account.gid) == 0 && setgid(account.gid) == 0
        } else {
            areGroupsSet = setgroups(0, nil) == 0 && setgid(wanted) == 0
        }
        guard areGroupsSet, setuid(wanted) == 0 else {
            throw StartupError(
                "this process cannot become the user `\(text(wanted))`",
                hint:
                    "run the check as that user: `setpriv --reuid=\(Int(wanted)) --init-groups signetd … --check`",
                status: .operatingSystem)
        }
        return text(wanted)
    }

    /// Nil for root's own check, when nothing names another user.
    private static func uid(_ name: String?, _ configuration: String) throws(StartupError) -> UInt32? {
        guard let name else {
            guard geteuid() == 0, let path = DaemonSettings.databasePath(inConfiguration: configuration)
            else {
                return nil
            }
            let directory = URL(fileURLWithPath: path).deletingLastPathComponent()
                .resolvingSymlinksInPath().path
            let attributes = try? FileManager.default.attributesOfItem(atPath: directory)
            return (attributes?[.ownerAccountID] as? NSNumber)?.uint32Value
        }
        if let number = UInt32(name) { return number }
        guard let entry = unsafe getpwnam(name) else {
            throw StartupError(
                "there is no user `\(name)`", hint: "give the name or the uid of the daemon's user",
                status: .usage)
        }
        return unsafe entry.pointee.pw_uid
    }

    private static func account(_ uid: UInt32) -> (name: String, gid: UInt32)? {
        guard let entry = unsafe getpwuid(uid) else { return nil }
        return unsafe (String(cString: entry.pointee.pw_name), entry.pointee.pw_gid)
    }

    private static func text(_ uid: UInt32) -> String { account(uid)?.name ?? "\(uid)" }
}
