internal import APIClient
internal import ArgumentParser
internal import Foundation
internal import VisibleText
internal import WireAPI

struct CACreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a certificate authority with a new key pair on the token.",
        discussion: """
            With --activate its certificate is signed and imported at once: by its own key with --root, by the \
            authority named with --parent otherwise.
            """)

    @OptionGroup var connection: Connection

    @Flag(help: "Make a root.")
    var root = false

    @Flag(help: "Make a subordinate.")
    var subordinate = false

    @Option(help: "Such as `CN=Example Root,O=Example,C=SE`.")
    var subject: String

    @Option(help: "EC_prime256v1, EC_secp384r1, EC_secp521r1, RSA_2048, RSA_3072 or RSA_4096.")
    var keyAlgorithm = "EC_prime256v1"

    @Option(help: "By default the hash of the curve's size, SHA-256 for RSA.")
    var signingAlgorithm: String?

    @Flag(help: "Sign and import its certificate too.")
    var activate = false

    @Option(
        help:
            "With --subordinate --activate: the authority that signs, by its ARN, id, commonName or `tag:KEY=VALUE`."
    )
    var parent: String?

    @Option(
        help:
            "With --activate: how many days its certificate is valid; 3650 for a root, 1825 for a subordinate or as long as its parent."
    )
    var days: Int64?

    @Option(
        help:
            "With --subordinate --activate: how many authorities may follow below it, 0 to 3. The default is 0."
    )
    var pathLength: Int?

    @OptionGroup(title: "Name constraints, with --activate")
    var nameConstraints: NameConstraintOptions

    func validate() throws {
        guard root != subordinate else { throw ValidationError("Give either --root or --subordinate.") }
        if root, parent != nil { throw ValidationError("A root has no --parent.") }
        if subordinate, activate, parent == nil {
            throw ValidationError("--subordinate --activate needs the --parent that signs.")
        }
        if !activate, parent != nil || days != nil {
            throw ValidationError("--parent and --days say how to activate; add --activate.")
        }
        if let pathLength, !activate || root || !(0...3).contains(pathLength) {
            throw ValidationError("--path-length is 0 to 3, for --subordinate --activate.")
        }
        if !activate, try nameConstraints.shape() != nil {
            throw ValidationError("Names are constrained in the certificate; add --activate.")
        }
    }

    func run() async throws {
        try await connection.run { client in
            // Read before the authority is created, so that an error leaves nothing behind.
            let constraints = try nameConstraints.shape()
            let issuer = try await parentARN(client)
            let input = CreateCertificateAuthorityOperation.Input(
                certificateAuthorityConfiguration: .init(
                    keyAlgorithm: keyAlgorithm, signingAlgorithm: signingAlgorithm ?? defaultSigningAlgorithm,
                    subject: try SubjectText.parse(subject)),
                certificateAuthorityType: root ? "ROOT" : "SUBORDINATE")
            try await warnOfNamesake(input.certificateAuthorityConfiguration.subject, client)
            let created = try await client.call(CreateCertificateAuthorityOperation.self, input)
            let arn = created.certificateAuthorityArn
            if activate {
                let activation = Activation(client: client) { Output.note($0) }
                activation.progress("created     \(arn)")
                try await activation.activate(
                    arn, issuer: issuer ?? arn,
                    template: root
                        ? "RootCACertificate/V1"
                        : "SubordinateCACertificate_PathLen\(pathLength ?? 0)/V1",
                    days: days, nameConstraints: constraints)
            }
            if connection.json { try connection.printJSON(created) } else { Output.line("\(arn)") }
        }
    }

    /// Two authorities may have one subject (AWS Private CA allows it), but relying parties then cannot tell
    /// their certificates apart by the issuer's name.
    private func warnOfNamesake(_ subject: ASN1Subject, _ client: SignetClient) async throws {
        for authority in try await AuthorityName.usable(client)
        where authority.subject == subject && authority.status != "FAILED" {
            Output.note(
                "warning: the authority \(authority.certificateAuthorityArn) already has this subject, and is \(authority.status ?? "there")"
            )
        }
    }

    private func parentARN(_ client: SignetClient) async throws -> String? {
        guard let parent else { return nil }
        return try await AuthorityName.arn(parent, client)
    }

    private var defaultSigningAlgorithm: String {
        switch keyAlgorithm {
        case "EC_secp384r1": "SHA384WITHECDSA"
        case "EC_secp521r1": "SHA512WITHECDSA"
        case _ where keyAlgorithm.hasPrefix("RSA"): "SHA256WITHRSA"
        default: "SHA256WITHECDSA"
        }
    }
}
