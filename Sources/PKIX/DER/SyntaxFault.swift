/// The place where octets depart from a standard's syntax, and the fault there.
public struct SyntaxFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// Field names of the standard, such as `tbsCertificate.validity.notAfter`; empty for the whole value.
    public let place: String
    /// The rest of a sentence whose subject is the place.
    public let problem: String

    public init(place: String, problem: String) {
        self.place = place
        self.problem = problem
    }

    public var description: String { place.isEmpty ? problem : "\(place) \(problem)" }
}
