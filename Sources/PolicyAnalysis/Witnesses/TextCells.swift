internal import Authorization

/// Finds texts that patterns distinguish: one for each possible combination of matches.
enum TextCells {
    /// Why the texts to examine cannot be determined.
    struct Undecidable: Error { let reason: String }

    private struct Cell {
        var matching: [TextTest] = []
        var none: [TextTest] = []
        var witness: String
    }

    /// - Parameter frame: tests that every text must match
    static func representatives(
        _ tests: [TextTest], within frame: [TextTest] = []
    ) throws(Undecidable) -> [String] {
        let tests = tests.reduce(into: [TextTest]()) { if !$0.contains($1) { $0.append($1) } }
        let literals = tests.filter { $0.literal != nil }
        guard let first = try find(frame, []) else { return [] }
        var cells = [Cell(witness: first)]
        for test in tests where test.literal == nil {
            var split: [Cell] = []
            for cell in cells {
                if let witness = try witness(cell, frame, test, isInside: true) {
                    var inside = cell
                    inside.matching.append(test)
                    inside.witness = witness
                    split.append(inside)
                }
                if let witness = try witness(cell, frame, test, isInside: false) {
                    var outside = cell
                    outside.none.append(test)
                    outside.witness = witness
                    split.append(outside)
                }
            }
            cells = split
            guard cells.count <= 512 else {
                throw Undecidable(reason: "the patterns cut texts into more than 512 classes")
            }
        }
        var texts = literals.compactMap(\.literal).filter { text in frame.allSatisfy { $0.matches(text) } }
        for cell in cells {
            if !texts.contains(where: { $0.isSame(as: cell.witness) }) {
                texts.append(cell.witness)
            } else if let other = try find(frame + cell.matching, cell.none + literals) {
                texts.append(other)
            }
        }
        return texts
    }

    private static func witness(
        _ cell: Cell, _ frame: [TextTest], _ test: TextTest, isInside: Bool
    ) throws(Undecidable) -> String? {
        if test.matches(cell.witness) == isInside { return cell.witness }
        return try find(
            frame + cell.matching + (isInside ? [test] : []), cell.none + (isInside ? [] : [test]))
    }

    private static func find(_ matching: [TextTest], _ none: [TextTest]) throws(Undecidable) -> String? {
        switch GlobWitness.find(matching: matching, noneOf: none) {
        case .found(let text): return text
        case .none: return nil
        case .limitReached: throw Undecidable(reason: "the patterns are too many to find texts for")
        }
    }
}
