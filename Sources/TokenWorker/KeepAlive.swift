internal import PKCS11
internal import TokenProtocol

/// The cheap call of the token's profile that keeps an idle session alive.
enum KeepAlive {
    /// False when the call failed.
    static func beat(_ session: borrowing Session, _ profile: TokenProfile) -> Bool {
        do {
            switch profile.keepAlive {
            case .none: break
            case .sessionInfo: _ = try session.deviceError()
            case .random: try session.drawRandomByte()
            }
            return true
        } catch { return false }
    }
}

extension TokenProfile.KeepAlive {
    /// 0 for none.
    var seconds: UInt16 {
        switch self {
        case .none: 0
        case .sessionInfo(let seconds), .random(let seconds): seconds
        }
    }
}
