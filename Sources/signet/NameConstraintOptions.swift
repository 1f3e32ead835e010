internal import ArgumentParser
internal import WireAPI

/// The names a certificate authority may certify, as options.
struct NameConstraintOptions: ParsableArguments {
    @Option(help: "A domain it may certify, with everything below it; may be repeated.")
    var permitDns: [String] = []
    @Option(help: "A domain it may not certify.")
    var excludeDns: [String] = []
    @Option(help: "A range of addresses it may certify, such as 10.0.0.0/8.")
    var permitIp: [String] = []
    @Option(help: "A range of addresses it may not certify.")
    var excludeIp: [String] = []
    @Option(help: "Mailboxes it may certify: a@example.com, example.com or .example.com.")
    var permitEmail: [String] = []
    @Option(help: "Mailboxes it may not certify.")
    var excludeEmail: [String] = []
    @Option(help: "A host, or .domain, whose URIs it may certify.")
    var permitUri: [String] = []
    @Option(help: "A host, or .domain, whose URIs it may not certify.")
    var excludeUri: [String] = []
    @Option(
        help:
            "The beginning of the names it may certify: O=Example,C=SE with the last attribute first, or /C=SE/O=Example; any attributes in any order."
    )
    var permitDirectory: [String] = []
    @Option(help: "The beginning of names it may not certify.")
    var excludeDirectory: [String] = []

    /// Nil when no option was given.
    func shape() throws -> NameConstraintsShape? {
        let permitted = try subtrees(permitDns, permitIp, permitEmail, permitUri, permitDirectory)
        let excluded = try subtrees(excludeDns, excludeIp, excludeEmail, excludeUri, excludeDirectory)
        guard permitted != nil || excluded != nil else { return nil }
        return NameConstraintsShape(permitted: permitted, excluded: excluded)
    }

    private func subtrees(
        _ dns: [String], _ ip: [String], _ email: [String], _ uri: [String], _ directory: [String]
    ) throws -> NameConstraintsShape.Subtrees? {
        guard [dns, ip, email, uri, directory].contains(where: { !$0.isEmpty }) else { return nil }
        var subtrees = NameConstraintsShape.Subtrees()
        subtrees.dnsNames = dns.isEmpty ? nil : dns
        subtrees.ipRanges = ip.isEmpty ? nil : ip
        subtrees.emailAddresses = email.isEmpty ? nil : email
        subtrees.uriDomains = uri.isEmpty ? nil : uri
        subtrees.directoryNames = directory.isEmpty ? nil : try directory.map { try DirectoryText.parse($0) }
        return subtrees
    }
}
