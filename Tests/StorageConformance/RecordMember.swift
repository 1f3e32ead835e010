/// A member of a record with a value that differs from the baseline.
///
/// A store that writes all members but one would pass tests whose records differ in other members only. So
/// each member is changed on its own, and the list of members is compared with the record's actual members.
struct RecordMember<Record: Hashable & Sendable>: Sendable {
    let name: String
    let change: @Sendable (inout Record) -> Void
    /// Copies the member's value from another record.
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

    /// - Throws: unless `members` and `others` are exactly the members of `baseline`, and each of `members`
    /// changes it
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
