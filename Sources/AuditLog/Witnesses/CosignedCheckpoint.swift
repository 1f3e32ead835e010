internal import Synchronization
internal import TransparencyLog

/// The newest checkpoint that every witness cosigned. Nil while a witness does not cosign, and until the
/// first such checkpoint after a start.
final class CosignedCheckpoint: Sendable {
    private let latest = Mutex<SignedNote?>(nil)

    var note: SignedNote? { latest.withLock { $0 } }

    func set(_ note: SignedNote?) { latest.withLock { $0 = note } }
}
