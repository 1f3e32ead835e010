/// Writes octets from outside so that they are safe to show.
struct EscapedTextWriter {
    let escape: Escape
    let layout: TextLayout
    private(set) var text = ""
    /// Blanks of a value that are not written yet: whether they are escaped depends on what follows.
    private var waiting: Unicode.Scalar?
    private var marks = 0
    private var isAtStart = true

    init(escape: Escape, layout: TextLayout) { (self.escape, self.layout) = (escape, layout) }

    mutating func write(_ octets: some Collection<UInt8>) {
        text.reserveCapacity(octets.count)
        var rest = octets[...]
        while !rest.isEmpty {
            let before = rest
            var reader = rest.makeIterator()
            var decoder = UTF8()
            switch decoder.decode(&reader) {
            case .scalarValue(let scalar):
                write(scalar)
                rest = rest.dropFirst(UTF8.width(scalar))
            case .emptyInput, .error:
                flushBlank(isEnd: false)
                escape.append(before[before.startIndex], to: &text)
                (isAtStart, marks) = (false, 0)
                rest = rest.dropFirst()
            }
        }
        flushBlank(isEnd: true)
    }

    private mutating func write(_ scalar: Unicode.Scalar) {
        if layout == .document, scalar == "\n" {
            (isAtStart, marks) = (true, 0)
            text += "\n"
            return
        }
        if layout == .value, scalar.isBlank {
            if waiting != nil || isAtStart {
                flushBlank(isEnd: false)
                escape.append(scalar, to: &text)
                isAtStart = true
            } else {
                waiting = scalar
            }
            marks = 0
            return
        }
        flushBlank(isEnd: false)
        if scalar.isMark {
            marks += 1
            // A mark that leads would change what the program wrote before it.
            guard !isAtStart, marks <= EscapedText.mostMarks, scalar.isVisible else {
                escape.append(scalar, to: &text)
                isAtStart = false
                return
            }
        } else {
            marks = 0
        }
        isAtStart = false
        if scalar.isVisible { text.unicodeScalars.append(scalar) } else { escape.append(scalar, to: &text) }
    }

    /// Writes the pending blank: unchanged between other scalars, escaped at the end of the text.
    private mutating func flushBlank(isEnd: Bool) {
        guard let blank = waiting else { return }
        waiting = nil
        if isEnd { escape.append(blank, to: &text) } else { text.unicodeScalars.append(blank) }
    }
}
