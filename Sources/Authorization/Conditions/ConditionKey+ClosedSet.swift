internal import OctetText

/// The values that a key can have, where they are known before any request.
enum ClosedSet: CustomStringConvertible {
    case names([String])
    /// Twelve digits.
    case account
    /// Of the daemon's partition, where it is known.
    case template(partition: String?)

    var description: String {
        switch self {
        case .names(let names): names.joined(separator: ", ")
        case .account: "accounts, with 12 digits"
        case .template(let partition):
            "ARNs such as arn:\(partition ?? "aws"):acm-pca:::template/EndEntityCertificate/V1"
        }
    }

    func contains(_ text: String) -> Bool {
        switch self {
        case .names(let names): return names.contains { $0.equalsOctets(text) }
        case .account: return ARN.isAccount(text)
        case .template(let partition):
            guard let arn = ARN(text), arn.service.equalsOctets("acm-pca") else { return false }
            // AWS's have neither region nor account, the daemon's own have both.
            return partition.map { arn.partition.equalsOctets($0) } ?? true
                && arn.region.isEmpty == arn.account.isEmpty
                && (arn.account.isEmpty || ARN.isAccount(arn.account))
                && arn.resource.hasOctetPrefix("template/") && !arn.resource.hasOctetSuffix("/")
                && !arn.resource.containsOctet("*") && !arn.resource.containsOctet("?")
        }
    }
}

extension ConditionKey {
    /// Nil for keys whose values are open.
    /// - Parameter key: in lower case
    static func closedSet(of key: String, partition: String?) -> ClosedSet? {
        switch key {
        case "signet:keyalgorithm":
            .names([
                "RSA_2048", "RSA_3072", "RSA_4096", "RSA", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1",
                "ED25519",
            ])
        case "aws:principaltype": .names(["User", "AssumedRole"])
        case "aws:principalaccount", "aws:resourceaccount", "aws:sourceaccount": .account
        case "acm-pca:templatearn": .template(partition: partition)
        default: nil
        }
    }
}
