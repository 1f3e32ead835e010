internal import APIClient
internal import ArgumentParser
internal import VisibleText
internal import WireAPI

struct CAUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Enable or disable an authority, or set where its CRL and its OCSP responder are found.",
        discussion: """
            Every active authority has a CRL. --crl-days sets how long each is valid, and puts its URL into new certificates: \
            the one of --crl-host or of --crl-bucket, or else of revocation.url in the daemon's configuration.

            --ocsp makes an OCSP responder for the authority, and puts its URL into new certificates: the one of --ocsp-host,             or else of revocation.ocsp.url in the daemon's configuration.
            """)

    @OptionGroup var connection: Connection
    @OptionGroup var authority: AuthorityArgument

    @Flag(help: "Issue certificates again.") var enable = false
    @Flag(help: "Issue no certificates; CRLs are still made.") var disable = false
    @Option(help: "Days that each CRL is valid, 1 to 5000; a new one is made at half of it.") var crlDays:
        Int?
    @Option(help: "The host of the CRL's URL in certificates, such as `crl.example.com`.") var crlHost:
        String?
    @Option(help: "With a bucket: a path in it in place of `crl`.") var crlPath: String?
    @Option(help: "A bucket of the daemon's configuration, which gets a copy.") var crlBucket: String?
    @Flag(help: "Put no URL into certificates.") var omitCrlUrl = false
    @Option(
        help:
            "`complete`, or `partitioned`: each new certificate names a CRL with a part of the revocations. Some relying parties take no such CRLs."
    )
    var crlType: ListType?
    @Flag(help: "Put no URL into certificates, and make CRLs as the daemon's configuration says.")
    var noCrl = false
    @Flag(help: "Answer OCSP requests, and put the responder's URL into certificates.") var ocsp = false
    @Option(help: "With --ocsp: the host of the responder's URL, such as `ocsp.example.com`.")
    var ocspHost: String?
    @Flag(help: "Put no URL of a responder into certificates; one that exists goes on answering.")
    var noOcsp = false

    /// The API's CrlType.
    enum ListType: String, ExpressibleByArgument, CaseIterable { case complete, partitioned }

    func validate() throws {
        guard !(enable && disable) else { throw ValidationError("Give one of --enable and --disable.") }
        let hasDetails = crlHost != nil || crlPath != nil || crlBucket != nil || omitCrlUrl || crlType != nil
        guard crlDays != nil || !hasDetails else { throw ValidationError("Add --crl-days.") }
        guard !noCrl || crlDays == nil else { throw ValidationError("Give one of --no-crl and --crl-days.") }
        guard !(ocsp && noOcsp) else { throw ValidationError("Give one of --ocsp and --no-ocsp.") }
        guard ocsp || ocspHost == nil else { throw ValidationError("Add --ocsp.") }
        guard enable || disable || noCrl || crlDays != nil || ocsp || noOcsp else {
            throw ValidationError("Say what to change.")
        }
    }

    /// The new configuration. The API replaces it as a whole, so what no option names is taken from the
    /// present one.
    private func lists(of arn: String, _ client: SignetClient) async throws -> CrlConfiguration? {
        if noCrl { return CrlConfiguration(enabled: false) }
        guard let crlDays else { return nil }
        let present = try await client.call(
            DescribeCertificateAuthorityOperation.self, .init(certificateAuthorityArn: arn)
        ).certificateAuthority.revocationConfiguration.crlConfiguration
        let omits = present?.crlDistributionPointExtensionConfiguration?.omitExtension ?? false
        return CrlConfiguration(
            enabled: true, expirationInDays: crlDays,
            customCname: omitCrlUrl ? nil : crlHost ?? present?.customCname,
            s3BucketName: crlBucket ?? present?.s3BucketName,
            omitExtension: omitCrlUrl || (omits && crlHost == nil) ? true : nil,
            crlType: crlType.map { $0.rawValue.uppercased() } ?? present?.crlType,
            customPath: crlPath ?? present?.customPath)
    }

    /// What Signet's tests with the programs show (Docs/Revocation.md).
    private static let warning: EscapedText = """
        warning: not every relying party takes partitioned CRLs right. NSS takes none, and accepts revoked certificates. GnuTLS does not compare the URL, and accepts a revoked certificate beside the CRL of another partition. Others refuse every certificate without the CRL of its own partition
        """

    private var status: OcspConfiguration? {
        guard ocsp || noOcsp else { return nil }
        return OcspConfiguration(enabled: ocsp, ocspCustomCname: ocspHost)
    }

    func run() async throws {
        try await connection.run { client in
            let arn = try await authority.arn(client)
            if crlType == .partitioned { Output.note(Self.warning) }
            let lists = try await lists(of: arn, client)
            let revocation =
                lists == nil && status == nil
                ? nil : RevocationConfigurationShape(crlConfiguration: lists, ocspConfiguration: status)
            _ = try await client.call(
                UpdateCertificateAuthorityOperation.self,
                .init(
                    certificateAuthorityArn: arn,
                    revocationConfiguration: revocation,
                    status: enable ? "ACTIVE" : disable ? "DISABLED" : nil))
            let output = try await client.call(
                DescribeCertificateAuthorityOperation.self, .init(certificateAuthorityArn: arn))
            if connection.json { return try connection.printJSON(output) }
            Output.line(Report.authority(output.certificateAuthority))
        }
    }
}
