internal import Foundation
internal import Synchronization
internal import VisibleText

/// Says on standard error what takes long, and every few seconds how long it has taken.
final class Ticker: Sendable {
    private let isOver = Mutex(false)

    init(_ text: EscapedText) {
        Self.write("\(text) …")
        Thread { [self] in
            let start = ContinuousClock.now
            while !isOver.withLock({ $0 }) {
                Thread.sleep(forTimeInterval: 0.2)
                let seconds = (ContinuousClock.now - start).components.seconds
                // Who ended it writes no more.
                isOver.withLock { isOver in
                    if !isOver, seconds >= 2 { Self.write("\r\(text) … \(seconds) s") }
                }
            }
        }.start()
    }

    /// Once for each.
    func end() {
        isOver.withLock { isOver in
            isOver = true
            Self.write("\n")
        }
    }

    private static func write(_ text: EscapedText) { Output.progress(text) }
}
