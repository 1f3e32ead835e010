internal import Foundation
internal import Settings
internal import TokenProtocol
internal import TokenSettings
internal import TrustedPaths
internal import VisibleText

/// What the daemon would refuse at its start, beside the configuration itself. Nothing is changed, no token
/// is opened, and no PIN is read.
struct StartCheck {
    let settings: DaemonSettings

    /// One sentence for each fault, with what to do.
    func faults() -> [EscapedText] {
        let place = DatabasePlace(path: settings.databasePath)
        return databaseDirectory() + refusal { () throws(StartupError) in try place.checkIsWhole() }
            + socket()
            + refusal { () throws(StartupError) in
                _ = try TokenAssembly.workerPath(settings.tokens.workerPath)
            }
            + refusal { () throws(StartupError) in _ = try settings.ceremonyRecords() }
            + settings.tokens.entries.flatMap(token)
    }

    private func refusal(_ body: () throws(StartupError) -> Void) -> [EscapedText] {
        do { try body() } catch { return ["\(error.message); \(error.hint)"] }
        return []
    }

    private func databaseDirectory() -> [EscapedText] {
        let directory = URL(fileURLWithPath: settings.databasePath).deletingLastPathComponent()
            .resolvingSymlinksInPath().path
        let files = FileManager.default
        guard let attributes = try? files.attributesOfItem(atPath: directory) else {
            return [
                "the directory `\(directory)` of the database is not there; make it, and give it to the daemon's user"
            ]
        }
        guard attributes[.type] as? FileAttributeType == .typeDirectory,
            files.isWritableFile(atPath: directory)
        else {
            return [
                "the directory `\(directory)` of the database cannot be written; give it to the daemon's user"
            ]
        }
        var faults: [EscapedText] = []
        for suffix in DatabasePlace.suffixes + [".lock"] {
            let path = settings.databasePath + suffix
            if files.fileExists(atPath: path),
                !files.isReadableFile(atPath: path) || !files.isWritableFile(atPath: path)
            {
                faults.append("`\(path)` cannot be read and written; give it to the daemon's user")
            }
        }
        return faults
    }

    private func socket() -> [EscapedText] {
        let socket = settings.socket
        var faults = refusal { () throws(StartupError) in try SocketFile(socket: socket).checkDirectory() }
        let directory = URL(fileURLWithPath: socket.path).deletingLastPathComponent().path
        if faults.isEmpty, !FileManager.default.isWritableFile(atPath: directory) {
            faults.append(
                "the directory `\(directory)` of the socket cannot be written; give it to the daemon's user")
        }
        guard geteuid() != 0 else { return faults }
        if let uid = socket.uid, uid != geteuid() {
            faults.append("the socket cannot be given to uid \(Int(uid)): only root can; leave out its owner")
        }
        if let gid = socket.gid, !Accounts.mayGiveFiles(toGroup: gid) {
            faults.append(
                "the socket cannot be given to gid \(Int(gid)): the daemon's user is not a member of that group"
            )
        }
        return faults
    }

    private func token(_ entry: TokenEntry) -> [EscapedText] {
        var faults: [EscapedText] = []
        if !FileManager.default.isReadableFile(atPath: entry.module.path) {
            faults.append(
                "the module `\(entry.module.path)` of the token `\(entry.name)` is not there or cannot be read"
            )
        }
        if case .file(let path) = entry.pin, let fault = PrivateFile.fault(ofFile: path) {
            faults.append(
                "the PIN file `\(path)` of the token `\(entry.name)` \(fault.description); it must have the mode 0600 and belong to the daemon's user or root"
            )
        }
        return faults
    }
}
