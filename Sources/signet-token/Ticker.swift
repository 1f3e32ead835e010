internal import Foundation
internal import Synchronization
internal import VisibleText

/// Names a long operation on standard error, and shows its elapsed time every few seconds.
final class Ticker: Sendable {
    private let isOver = Mutex(false)

    init(_ text: EscapedText) {
        Self.write("\(text) …")
        Thread { [self] in
            let start = ContinuousClock.now
            while !isOver.withLock({ $0 }) {
                Thread.sleep(forTimeInterval: 0.2)
                let seconds = (ContinuousClock.now - start).components.seconds
                // No output after the ticker has ended.
                isOver.withLock { isOver in
                    if !isOver, seconds >= 2 { Self.write("\r\(text) … \(seconds) s") }
                }
            }
        }.start()
    }

    /// Call it once.
    func end() {
        isOver.withLock { isOver in
            isOver = true
            Self.write("\n")
        }
    }

    private static func write(_ text: EscapedText) { Output.progress(text) }
}
