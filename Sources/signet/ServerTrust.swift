internal import Glibc
internal import PeerCredentials
internal import TrustedPaths
internal import VisibleText

/// Checks that the daemon serves a socket, because another process could show false data to an officer.
enum ServerTrust {
    /// The fault of the socket; nil when there is none, or when no process serves it.
    ///
    /// Three users may own and serve it: root, the caller, and the owner of the socket's own directory, which
    /// is the daemon's user. No other user may be able to put another socket in its place.
    static func fault(ofSocket path: String) -> EscapedText? {
        let steps: [PathWalk.Step]
        do { steps = try PathWalk.steps(to: path) } catch {
            if case .notThere = error { return nil }
            return "who can change the socket `\(path)` is not known: \(error.reason)"
        }
        guard steps.count >= 2, let directory = steps.dropLast().last(where: { $0.kind == .directory }) else {
            return nil
        }
        let trusted: Set<UInt32> = [0, geteuid(), directory.owner]
        for step in steps {
            guard trusted.contains(step.owner) else {
                return
                    "`\(step.path)` belongs to uid \(step.owner), who is neither root nor the daemon's user"
            }
            if step.kind == .directory, step.isOpenToOthers {
                return "others can write the directory `\(step.path)`, and serve a socket of their own there"
            }
        }
        guard let uid = ServingUser.uid(ofSocket: path) else { return nil }
        guard trusted.contains(uid) else {
            return "the socket `\(path)` is served by uid \(uid), who is neither root nor the daemon's user"
        }
        return nil
    }
}
