public import Authorization
public import PKIX

/// The input of an analysis: the rulebook, and the parts of the configuration that requests can name.
public struct Installation: Sendable {
    public struct Template: Sendable, Hashable {
        /// The name in the ARN, such as `EndEntityCertificate/V1`.
        public let name: String
        public let arn: String
        /// Whether it makes certificates of authorities (`signet:IsCA`); nil for a template that does not
        /// exist.
        public let isAuthority: Bool?

        public init(name: String, arn: String, isAuthority: Bool?) {
            self.name = name
            self.arn = arn
            self.isAuthority = isAuthority
        }
    }

    public let rulebook: Rulebook
    /// The prefix of the ARNs of the daemon's authorities: `arn:aws:acm-pca:us-local-1:000000000000:`.
    public let prefix: String
    /// The account of the daemon's authorities.
    public let account: String
    public let templates: [Template]
    /// Policies and tags of authorities by ARN. They are set by calls (PutPolicy, TagCertificateAuthority)
    /// and are not in the configuration.
    public let authorities: [String: ResourceFacts]
    /// Whether `authorities` lists all authorities. If not, the tags of the others are unknown and can have
    /// any value.
    public let isComplete: Bool
    /// The time of a request, unless policies test the time.
    public let now: CivilTime

    public init(
        _ rulebook: Rulebook, prefix: String, account: String, templates: [Template],
        authorities: [String: ResourceFacts] = [:], isComplete: Bool = false, now: CivilTime
    ) {
        self.rulebook = rulebook
        self.prefix = prefix
        self.account = account
        self.templates = templates
        self.authorities = authorities
        self.isComplete = isComplete
        self.now = now
    }

    /// The principals in the order of the configuration, without repetitions.
    public var principals: [Principal] {
        var seen: Set<ARN> = []
        return rulebook.principals.entries.map(\.principal).filter { seen.insert($0.arn).inserted }
    }

    /// The authorities that policies, shares and the installation name, and one that nothing names.
    public var authorityARNs: [String] {
        let named = rulebook.namedAuthorities + authorities.keys.sorted()
        var seen: Set<String> = []
        return named.filter { seen.insert($0).inserted && $0.hasPrefix(prefix) } + [freshAuthority]
    }

    var freshAuthority: String {
        let named = Set(rulebook.namedAuthorities + authorities.keys)
        let candidates = (0...named.count).lazy.map {
            "\(prefix)certificate-authority/00000000-0000-4000-8000-\(String(repeating: "0", count: 12 - "\($0)".count))\($0)"
        }
        return candidates.first { !named.contains($0) } ?? "\(prefix)certificate-authority/x"
    }

    /// A template that does not exist. The daemon evaluates policies before it looks the template up.
    var unknownTemplate: Template {
        let partition = prefix.split(separator: ":", omittingEmptySubsequences: false)[1]
        let arns = Set(templates.map(\.arn))
        let name = (0...templates.count).lazy.map { "NoSuchTemplate\($0 == 0 ? "" : "\($0)")/V1" }.first {
            !arns.contains("arn:\(partition):acm-pca:::template/\($0)")
        }
        return Template(
            name: name ?? "NoSuchTemplate/V1",
            arn: "arn:\(partition):acm-pca:::template/\(name ?? "NoSuchTemplate/V1")", isAuthority: nil)
    }

    /// A process that is mapped to this principal, with only the facts that the mapping needs.
    public func peer(of principal: ARN) -> Peer { Peers.first(rulebook.principals, principal) }

    /// The stored facts about a resource.
    public func facts(of resource: String, for action: Action) -> ResourceFacts {
        var facts = authorities[resource] ?? ResourceFacts()
        facts.owner = action == .listCertificateAuthorities ? nil : account
        return facts
    }
}
