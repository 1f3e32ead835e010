/// The states from which a change is allowed, and its resulting state.
struct StateTransition<State: Hashable & RawRepresentable<String>> {
    let origins: Set<State>
    let result: State

    init(from origins: Set<State>, to result: State) {
        self.origins = origins
        self.result = result
    }

    func apply(to state: inout State, for change: String) throws(IllegalStateChange) {
        guard origins.contains(state) else {
            throw IllegalStateChange(change: change, state: state.rawValue)
        }
        state = result
    }
}

/// A change that the state of a record does not allow.
public struct IllegalStateChange: Error, Sendable, Hashable, CustomStringConvertible {
    /// The refused change.
    public let change: String
    /// The state of the record.
    public let state: String

    public var description: String { "`\(change)` is not possible in the \(state) state" }
}
