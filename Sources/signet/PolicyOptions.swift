internal import APIClient
internal import ArgumentParser
internal import Authorization
internal import Foundation
internal import Issuance
internal import JSON
internal import PKIX
internal import PolicyAnalysis
internal import Settings
internal import StrictYAML
internal import VisibleText
internal import WireAPI

/// The input of the `policy` commands: a configuration's files, and optionally the daemon's authorities.
struct PolicyOptions: ParsableArguments {
    static let defaultConfiguration =
        ProcessInfo.processInfo.environment["SIGNET_CONFIG"] ?? "/etc/signet/signetd.yaml"

    @Option(
        help:
            "The daemon's configuration; it and the policies it names are read here, without the daemon. The environment variable SIGNET_CONFIG says it too."
    )
    var config = PolicyOptions.defaultConfiguration

    @Flag(
        help:
            "Ask the daemon for its authorities, their policies and their tags, which the configuration does not have."
    )
    var live = false

    @Option(
        help: ArgumentHelp(
            "The policy of an authority, a JSON file; can be given several times.", valueName: "arn=file"))
    var authorityPolicy: [String] = []

    @Option(
        help: ArgumentHelp("A tag of an authority; can be given several times.", valueName: "arn:key=value"))
    var authorityTag: [String] = []

    /// - Throws: ``CommandFailure`` with every fault of the files
    func settings() throws -> DaemonSettings { try Self.settings(config) }

    private static func settings(_ config: String) throws -> DaemonSettings {
        do { return try DaemonSettings.load(path: config, for: .reading) } catch {
            throw CommandFailure(
                message: "the configuration cannot be used:\n\(error.text)",
                hint: "`signetd --check` says the same; HSMConfig/signetd.yaml explains every key",
                status: .usage)
        }
    }

    /// The installation that a configuration describes, without the daemon's authorities.
    static func installation(of config: String) throws -> Installation {
        try settings(config).installation([:], isComplete: false)
    }

    func installation(_ connection: Connection) async throws -> Installation {
        let settings = try settings()
        var authorities = live ? try await LiveAuthorities(connection: connection).all(settings) : [:]
        for entry in authorityPolicy {
            guard let divide = entry.firstIndex(of: "=") else {
                throw CommandFailure(message: "`\(entry)` is not ARN=FILE", hint: nil, status: .usage)
            }
            let arn = String(entry[..<divide])
            let file = String(entry[entry.index(after: divide)...])
            authorities[arn, default: ResourceFacts()].policy = try Self.policy(file, settings)
        }
        for entry in authorityTag {
            guard let divide = entry.firstIndex(of: "="), let colon = entry[..<divide].lastIndex(of: ":")
            else {
                throw CommandFailure(message: "`\(entry)` is not ARN:KEY=VALUE", hint: nil, status: .usage)
            }
            let key = String(entry[entry.index(after: colon)..<divide])
            authorities[String(entry[..<colon]), default: ResourceFacts()].tags[key] = String(
                entry[entry.index(after: divide)...])
        }
        return settings.installation(authorities, isComplete: live)
    }

    private static func policy(_ file: String, _ settings: DaemonSettings) throws -> Policy {
        let data = try InputFile.read(file)
        do {
            return try Policy(
                resourcePolicy: try JSONValue(parsing: data), name: file,
                resources: settings.naming.authorityARNs)
        } catch {
            let reason = (error as? JSONFault).map { "line \($0.line): \($0.reason)" } ?? "\(error)"
            throw CommandFailure(message: "`\(file)` is not a policy: \(reason)", hint: nil, status: .usage)
        }
    }
}

extension DaemonSettings {
    fileprivate func installation(_ authorities: [String: ResourceFacts], isComplete: Bool) -> Installation {
        let catalog = TemplateCatalog(
            partition: naming.partition, region: naming.region, account: naming.account,
            own: issuance.templates)
        return Installation(
            rulebook, prefix: "arn:\(naming.partition):acm-pca:\(naming.region):\(naming.account):",
            account: naming.account,
            templates: catalog.entries.map {
                .init(name: $0.template.name, arn: $0.arn, isAuthority: $0.template.role != .endEntity)
            }, authorities: authorities, isComplete: isComplete, now: .now())
    }
}

/// The authorities of a running daemon with their policies and tags.
struct LiveAuthorities {
    let connection: Connection

    func all(_ settings: DaemonSettings) async throws -> [String: ResourceFacts] {
        var authorities: [String: ResourceFacts] = [:]
        try await connection.run { client in
            let inForce = try await client.call(DescribePolicyOperation.self, .init()).policy
            if inForce.digest != settings.rulebook.digest {
                Output.note(
                    "note: the daemon decides by other policies than these files; `signet policy reload` reads them"
                )
            }
            var token: String?
            repeat {
                let page = try await client.call(
                    ListCertificateAuthoritiesOperation.self, .init(maxResults: 100, nextToken: token))
                for authority in page.certificateAuthorities {
                    authorities[authority.arn] = ResourceFacts(
                        policy: try await policy(authority.arn, client),
                        tags: try await tags(authority.arn, client))
                }
                token = page.nextToken
            } while token != nil
        }
        return authorities
    }

    private func policy(_ arn: String, _ client: SignetClient) async throws -> Policy? {
        let text: String
        do throws(APIClientError) {
            text = try await client.call(GetPolicyOperation.self, .init(resourceArn: arn)).policy
        } catch {
            if case .service("ResourceNotFoundException", _, _) = error { return nil }
            throw error
        }
        return try Policy(
            storedResourcePolicy: try JSONValue(parsing: Data(text.utf8)), name: "policy of \(arn.suffix(36))"
        )
    }

    private func tags(_ arn: String, _ client: SignetClient) async throws -> [String: String] {
        let output = try await client.call(ListTagsOperation.self, .init(certificateAuthorityArn: arn))
        return Dictionary(output.tags.map { ($0.key, $0.value ?? "") }) { _, last in last }
    }
}
