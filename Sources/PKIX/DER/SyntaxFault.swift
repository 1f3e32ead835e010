/// The place where octets stop being a standard's structure, and the fault there.
public struct SyntaxFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// In the names of the standard's own syntax, such as `tbsCertificate.validity.notAfter`; empty for the
    /// whole.
    public let place: String
    /// The rest of a sentence about the place.
    public let problem: String

    public init(place: String, problem: String) {
        self.place = place
        self.problem = problem
    }

    public var description: String { place.isEmpty ? problem : "\(place) \(problem)" }
}
