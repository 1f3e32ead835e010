internal import CPlatform
internal import Foundation
internal import TokenProtocol

/// The kernel's support for the workers' sandbox.
public struct ConfinementInForce: Sendable {
    /// The version of Landlock (landlock(7)); 0 for none.
    public let landlockVersion: Int

    public init(landlockVersion: Int) { self.landlockVersion = landlockVersion }

    public static var ofThisKernel: ConfinementInForce {
        ConfinementInForce(landlockVersion: Int(signet_landlock_version()))
    }

    /// The remaining reach of a hostile module, and settings without effect, as one sentence each.
    public func gaps(of configuration: TokenConfiguration) -> [String] {
        var gaps: [String] = []
        let state = configuration.confinement.protected.map { "`\($0)`" }.joined(separator: ", ")
        switch (landlockVersion, configuration.confinement.user) {
        case (0, nil):
            gaps.append(
                "this kernel has no Landlock and the token has no `worker-user`: its module can read and write every file that "
                    + "the daemon's user can" + (state.isEmpty ? "" : ", in \(state) too"))
        case (0, let user?):
            gaps.append(
                "this kernel has no Landlock: the token's module can reach every file that `\(user)` can")
        default: break
        }
        if configuration.profile.sockets.contains(.unix), configuration.confinement.user == nil {
            gaps.append(
                "the token's profile has `unix-sockets` and the token has no `worker-user`: its module can ask every service of "
                    + "this machine that takes orders from the daemon's user, but not this daemon")
        }
        let missing = configuration.confinement.paths.filter { !FileManager.default.fileExists(atPath: $0) }
        for path in missing { gaps.append("`paths` holds `\(path)`, which is not there") }
        return gaps
    }
}

/// Keeps unprivileged processes from tracing this process and from accessing its memory and descriptors, and
/// disables core dumps. False when the kernel refuses.
public func forbidTracing() -> Bool { signet_close_process() == 0 }
