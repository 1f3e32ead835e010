/// An Amazon Resource Name: `arn:partition:service:region:account:resource`.
public struct ARN: Sendable, Hashable, CustomStringConvertible {
    public let partition: String
    public let service: String
    public let region: String
    public let account: String
    public let resource: String

    public init(partition: String, service: String, region: String, account: String, resource: String) {
        self.partition = partition
        self.service = service
        self.region = region
        self.account = account
        self.resource = resource
    }

    /// Nil unless `text` has the six parts; region and account may be empty.
    public init?(_ text: String) {
        // Colon by colon: every request brings some.
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
        self.init(
            partition: partition, service: service, region: region, account: account, resource: resource)
    }

    public var description: String { "arn:\(partition):\(service):\(region):\(account):\(resource)" }
}
