extension Unicode.Scalar {
    /// Whether a name may not hold the character: controls, line separators, invisible characters, and
    /// characters that change how the surrounding text is shown. RFC 4518, section 2.4, prohibits display
    /// controls, private use, non-characters and the replacement character. Section 2.2 maps the others to
    /// nothing, so that names that differ in them are equal. Unicode has since added more of those, as
    /// Default_Ignorable_Code_Point: variation selectors, Hangul fillers and others. BRAILLE PATTERN BLANK is
    /// not in that class, but is invisible too.
    ///
    /// The joiners U+200C and U+200D are allowed, because Persian and the scripts of India need them.
    public var isRefusedInNames: Bool {
        switch value {
        case 0x20...0x7E, 0xA0...0xAC, 0xAE...0x33F: false
        // C0, DEL and C1
        case 0x00...0x1F, 0x7F...0x9F: true
        // SOFT HYPHEN, deprecated accents, COMBINING GRAPHEME JOINER, ARABIC LETTER MARK, MONGOLIAN TODO SOFT
        // HYPHEN
        case 0xAD, 0x340, 0x341, 0x34F, 0x61C, 0x1806: true
        // ZERO WIDTH SPACE, LEFT-TO-RIGHT MARK and RIGHT-TO-LEFT MARK
        case 0x200B, 0x200E, 0x200F: true
        // LINE SEPARATOR, PARAGRAPH SEPARATOR, embeddings and overrides of direction
        case 0x2028...0x202E: true
        // WORD JOINER, invisible operators, isolates of direction, deprecated controls of format
        case 0x2060...0x206F: true
        // BRAILLE PATTERN BLANK
        case 0x2800: true
        // ZERO WIDTH NO-BREAK SPACE, interlinear annotations, OBJECT REPLACEMENT CHARACTER, REPLACEMENT
        // CHARACTER
        case 0xFEFF, 0xFFF9...0xFFFD: true
        // Musical controls, language tags
        case 0x1D173...0x1D17A, 0xE0000...0xE007F: true
        // Non-characters, and characters of private use, which have no agreed meaning
        case 0xFDD0...0xFDEF, 0xE000...0xF8FF, 0xF0000...0x10FFFF: true
        case 0x200C, 0x200D: false
        default: value & 0xFFFE == 0xFFFE || properties.isDefaultIgnorableCodePoint
        }
    }
}
