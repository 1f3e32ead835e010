internal import OctetText

/// An Amazon Resource Name: `arn:partition:service:region:account:resource`.
public struct ARN: Sendable, Hashable, CustomStringConvertible {
    public let partition: String
    public let service: String
    public let region: String
    public let account: String
    public let resource: String
    /// The complete text. It is stored because it is read far more often than an ARN is made.
    public let description: String

    public init(partition: String, service: String, region: String, account: String, resource: String) {
        self.partition = partition
        self.service = service
        self.region = region
        self.account = account
        self.resource = resource
        let parts = [partition, service, region, account, resource]
        var text = "arn"
        text.reserveCapacity(parts.reduce(3) { $0 + 1 + $1.utf8.count })
        for part in parts {
            text += ":"
            text += part
        }
        description = text
    }

    /// Nil unless `text` has the six parts; region and account may be empty.
    public init?(_ text: String) {
        // Splits by hand for speed, because every request has ARNs.
        var rest = text.utf8[...]
        func part() -> String? {
            guard let colon = rest.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            defer { rest = rest[rest.index(after: colon)...] }
            return String(rest[..<colon])
        }
        guard part() == "arn", let partition = part(), !partition.isEmpty, let service = part(),
            !service.isEmpty,
            let region = part(), let account = part(), !rest.isEmpty, let resource = String(rest)
        else { return nil }
        (self.partition, self.service, self.region) = (partition, service, region)
        (self.account, self.resource) = (account, resource)
        description = text
    }

    public static func == (left: ARN, right: ARN) -> Bool {
        // Compares the parts and not the text, because a part may contain colons.
        left.resource.equalsOctets(right.resource) && left.account.equalsOctets(right.account)
            && left.region.equalsOctets(right.region) && left.service.equalsOctets(right.service)
            && left.partition.equalsOctets(right.partition)
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(description) }

    /// Whether it is the number of an account: twelve digits.
    static func isAccount(_ text: String) -> Bool {
        text.utf8.count == 12 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
