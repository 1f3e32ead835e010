internal import Foundation
internal import SQLiteStorage
internal import TransparencyLog
internal import VisibleText

extension DatabaseCheck {
    /// Prints what was read, one fact on a line.
    func show() {
        Output.line("events: \(events), authorities: \(authorities), certificates: \(certificates)")
        guard let newestCheckpoint else { return }
        let root = Data(newestCheckpoint.root.bytes).base64EncodedString()
        Output.line("newest checkpoint: the first \(newestCheckpoint.size) events have the root \(root)")
    }
}
