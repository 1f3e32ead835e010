/// A member of a record with another value than the baseline has.
///
/// A store that writes all members but one passes every test whose records differ in the others only. So each
/// member is changed on its own, and the list of members is held against what the record really has.
struct RecordMember<Record: Hashable & Sendable>: Sendable {
    let name: String
    let change: @Sendable (inout Record) -> Void
    /// Gives the member the value that another record has.
    let copy: @Sendable (inout Record, Record) -> Void

    init<Value: Sendable>(
        _ name: String, _ path: any WritableKeyPath<Record, Value> & Sendable, _ value: Value
    ) {
        self.name = name
        change = { $0[keyPath: path] = value }
        copy = { $0[keyPath: path] = $1[keyPath: path] }
    }

    func changed(_ baseline: Record) -> Record {
        var record = baseline
        change(&record)
        return record
    }

    /// - Throws: unless `members` are all that `baseline` has, but for `others`, and each changes it
    static func requireComplete(
        _ members: [RecordMember], of baseline: Record, others: Set<String> = []
    ) throws {
        let stored = Set(Mirror(reflecting: baseline).children.compactMap(\.label)).subtracting(others)
        let named = Set(members.map(\.name))
        try StorageConformance.require(
            named == stored, "the members tried are not those of \(Record.self): \(named) and \(stored)")
        for member in members {
            try StorageConformance.require(
                member.changed(baseline) != baseline, "`\(member.name)` of \(Record.self) is not changed")
        }
    }
}
