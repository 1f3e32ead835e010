/// The difference between two names, for an operator who must correct one of two certificates.
public enum NameDifference {
    /// The first difference, as the rest of a sentence about `name`; nil when the octets are the same.
    /// - Parameter known: the octets that `name` is compared with
    public static func description(
        of name: ArraySlice<UInt8>, from known: ArraySlice<UInt8>
    ) -> String? {
        if name == known { return nil }
        guard let own = NameOctets(name), let other = NameOctets(known) else { return "is not a Name" }
        let attributes = zip(own.relativeNames.flatMap { $0 }, other.relativeNames.flatMap { $0 })
        if sorted(own) == sorted(other), own.relativeNames.count == other.relativeNames.count {
            for (one, two) in attributes where one.type != two.type {
                return
                    "has its attributes in another order: \(one.typeName) stands where \(two.typeName) stood"
            }
        }
        for (one, two) in attributes {
            guard one.type == two.type else {
                return "has the attribute \(one.typeName) where \(two.typeName) stood"
            }
            if one.tag != two.tag {
                return "has the attribute \(one.typeName) as \(one.kindName), and not as \(two.kindName)"
            }
            if one.value != two.value {
                return "has another value, or another spelling, in the attribute \(one.typeName)"
            }
        }
        return "has other attributes"
    }

    private static func sorted(_ name: NameOctets) -> [[UInt8]] {
        name.relativeNames.flatMap { $0 }.map { Array($0.type) }
            .sorted { $0.lexicographicallyPrecedes($1) }
    }
}
