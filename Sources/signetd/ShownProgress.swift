internal import VisibleText

/// Shows on a terminal how far something long has come.
struct ShownProgress {
    private let unit: EscapedText

    /// - Parameter unit: what is counted, such as `events`
    init(_ unit: EscapedText) { self.unit = unit }

    func show<Number: BinaryInteger>(_ done: Number, _ all: Number) {
        guard Output.isErrorTerminal else { return }
        Output.progress("\r\(Int(done)) of \(Int(all)) \(unit)")
        if done == all { Output.progress("\n") }
    }
}
