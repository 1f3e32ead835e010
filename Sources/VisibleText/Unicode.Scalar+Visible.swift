extension Unicode.Scalar {
    /// Whether a terminal, a pager or a log viewer shows the scalar as one mark and does nothing else.
    ///
    /// False for control characters (C0, DEL, C1), line and paragraph separators, format controls (including
    /// all bidirectional ones and tags), private-use and unassigned scalars, and scalars that are drawn as
    /// nothing.
    public var isVisible: Bool {
        if value < 0x7F { return value >= 0x20 }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
            return false
        default:
            // Unicode 16.0, section 5.21: fillers, joiners and selectors of other categories have no glyph of
            // their own.
            return !properties.isDefaultIgnorableCodePoint
        }
    }

    /// Whether it is a blank: `U+0020`, the other space separators, and the empty Braille pattern.
    var isBlank: Bool {
        if value < 0x80 { return value == 0x20 }
        return value == 0x2800 || properties.generalCategory == .spaceSeparator
    }

    /// Whether it is drawn over the scalar before it.
    var isMark: Bool {
        if value < 0x300 { return false }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return true
        default: return false
        }
    }
}
