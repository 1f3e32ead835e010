internal import Authorization

/// The authorities to examine: those that are named, one that nothing names, and one for each further class
/// that the resource patterns of policies distinguish.
struct AuthorityChoices {
    let installation: Installation
    let authorizer: Authorizer

    /// - Parameter wanted: patterns, at least one of which matches; nil for all authorities
    func authorities(
        for request: HypotheticalRequest, matching wanted: [TextPattern]?
    ) throws(TextCells.Undecidable) -> [String] {
        let tests = authorizer.terms(for: request).resources.map { TextTest($0) }
        let all = (wanted ?? []).map { TextTest($0) } + tests
        let frame = TextTest(TextPattern(like: "\(installation.prefix)certificate-authority/*"))
        var choices = installation.authorityARNs
        func answers(_ text: String) -> [Bool] { all.map { $0.matches(text) } }
        var known = Set(choices.map(answers))
        for text in try TextCells.representatives(all, within: [frame])
        where !choices.contains(where: { $0.isSame(as: text) }) && known.insert(answers(text)).inserted {
            choices.append(text)
        }
        guard let wanted else { return choices }
        return choices.filter { choice in wanted.contains { $0.matches(choice) } }
    }
}
