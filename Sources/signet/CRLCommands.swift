internal import APIClient
internal import ArgumentParser
internal import Foundation
internal import LocalCertificates
internal import PKIX
internal import RelyingPartyClient
internal import VisibleText
internal import WireAPI

struct CRLCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crl", abstract: "Lists of revoked certificates.",
        subcommands: [CRLGet.self, CRLShow.self, CRLBundle.self, CRLImport.self])
}

struct CRLGet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Print an authority's newest CRL in PEM.")

    @OptionGroup var connection: Connection
    @OptionGroup var authority: AuthorityArgument

    func run() async throws {
        try await connection.run { client in
            let arn = try await authority.arn(client)
            let output = try await client.call(
                GetCertificateRevocationListOperation.self, .init(certificateAuthorityArn: arn))
            if connection.json { return try connection.printJSON(output) }
            Output.document(PEM.encode(output.certificateRevocationList.bytes, label: "X509 CRL"))
        }
    }
}

struct CRLShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a CRL: of an authority, in a file, or at a URL.")

    @OptionGroup var connection: Connection

    @Option(help: "The authority: its ARN, its id, its commonName, or `tag:KEY=VALUE`.") var ca: String?
    @Argument(
        help:
            "In place of --ca: a file with a CRL, in PEM or DER; `-` is standard input; or an `http://` URL of one."
    )
    var file: String?
    @Flag(help: "Show every entry, not the first twenty only.") var all = false

    func validate() throws {
        guard (ca == nil) != (file == nil) else { throw ValidationError("Give one of --ca and a file.") }
    }

    func run() async throws {
        if let file {
            do { try await show(CRLFile.read(from: file)) } catch { throw Failure.exit(for: error) }
            return
        }
        try await connection.run { client in
            let arn = try await AuthorityName.arn(ca ?? "", client)
            let output = try await client.call(
                GetCertificateRevocationListOperation.self, .init(certificateAuthorityArn: arn))
            try show(CRLFile.list(output.certificateRevocationList.bytes, named: "the daemon's answer"))
        }
    }

    private func show(_ list: CertificateList) throws {
        let report = CRLReport(list, most: all || connection.json ? .max : 20)
        if connection.json { try connection.printJSON(report) } else { Output.line(report.text) }
    }
}

struct CRLBundle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Write the CRLs of an authority and of all above it into one file, for a server.",
        discussion: """
            Servers that verify clients look for the CRL of every authority in the chain. The file is replaced in one step when \
            a CRL has changed, and then the reload command is run: call it from a timer, or from a path unit.

            signet crl bundle --ca "Example Issuing CA" --output /etc/nginx/tls/clients.crl --reload "nginx -s reload"
            """)

    @OptionGroup var connection: Connection

    @Option(help: "The issuing authority: its ARN, its id, its commonName, or `tag:KEY=VALUE`.") var ca:
        String
    @Option(
        help: ArgumentHelp(
            "A file with the CRL of an authority that this daemon does not have; can be given several times.",
            valueName: "file"))
    var add: [String] = []
    @Option(help: ArgumentHelp("Write the CRLs to this file, in one step.", valueName: "file"))
    var output: String?
    @Option(help: "A command line for `/bin/sh`, run after the file was replaced.") var reload: String?

    func validate() throws {
        guard reload == nil || output != nil else {
            throw ValidationError("--reload is for the file of --output.")
        }
    }

    func run() async throws {
        try await connection.run { client in
            let arn = try await AuthorityName.arn(ca, client)
            let own = try await client.call(
                GetCertificateAuthorityCertificateOperation.self, .init(certificateAuthorityArn: arn))
            let chain = try IssuedChain(certificate: own.certificate, chain: own.certificateChain)
            var lists = try add.map { try CRLFile.read($0) }
            lists += try await ownLists(of: arn, chain, client)
            let bundle = RevocationBundle(chain: [chain.certificate] + chain.issuers)
            let text = try bundle.pem(of: lists, at: Date())
            guard let output else { return Output.document(text) }
            let isReplaced = try await bundle.write(text, to: output, reload: reload)
            if connection.json {
                return try connection.printJSON(
                    BundleReport(file: output, status: isReplaced ? "REPLACED" : "NOTHING_TO_DO"))
            }
            Output.line(
                isReplaced
                    ? "written: `\(output)`, with \(bundle.chain.count) CRLs" as EscapedText
                    : "nothing to do: `\(output)` has the newest CRLs")
        }
    }

    /// The actions without which an authority is not asked: the denial would only fill the log.
    private static let needed = [
        "acm-pca:GetCertificateAuthorityCertificate", "signet:GetCertificateRevocationList",
    ]

    /// The daemon's CRLs of the authority and of those above it, as far as they are the daemon's.
    private func ownLists(
        of arn: String, _ chain: IssuedChain, _ client: SignetClient
    ) async throws -> [CertificateList] {
        var arns = [arn]
        for authority in try await AuthorityName.usable(client)
        where authority.certificateAuthorityArn != arn
            && Self.needed.allSatisfy({ action in authority.actions.contains { $0.action == action } })
        {
            let certificate = try? await client.call(
                GetCertificateAuthorityCertificateOperation.self,
                .init(certificateAuthorityArn: authority.certificateAuthorityArn)
            ).certificate
            guard let certificate, let der = try? PEM.block(Array(certificate.utf8), labels: PEM.certificate),
                chain.issuers.contains(der.contents)
            else { continue }
            arns.append(authority.certificateAuthorityArn)
        }
        var lists: [CertificateList] = []
        for arn in arns {
            let output = try await client.call(
                GetCertificateRevocationListOperation.self, .init(certificateAuthorityArn: arn))
            lists.append(try CRLFile.list(output.certificateRevocationList.bytes, named: arn))
            for imported in output.chainCertificateRevocationLists {
                lists.append(try CRLFile.list(imported.bytes, named: "an imported CRL"))
            }
        }
        return lists
    }
}

private struct BundleReport: Encodable {
    let file: String
    let status: String
}

/// CRLs from files.
enum CRLFile {
    /// A CRL at a URL or in a file.
    static func read(from place: String) async throws -> CertificateList {
        guard place.utf8.starts(with: "http://".utf8) || place.utf8.starts(with: "https://".utf8) else {
            return try read(place)
        }
        let client = StatusClient()
        do {
            let octets = try await client.get(place)
            await client.shutdown()
            return try list(inDocument: octets, named: place)
        } catch {
            await client.shutdown()
            throw (error as? StatusClientError).map { CommandFailure($0) } ?? error
        }
    }

    static func read(_ path: String) throws(CommandFailure) -> CertificateList {
        try list(inDocument: Array(try InputFile.read(path)), named: path)
    }

    private static func list(
        inDocument octets: [UInt8], named path: String
    ) throws(CommandFailure) -> CertificateList {
        // DER begins with the tag of a SEQUENCE, which no text begins with.
        if octets.first == 0x30, octets.dropFirst().first.map({ $0 >= 0x80 }) == true {
            return try list(octets, named: path)
        }
        let block: PEM.Block
        do { block = try PEM.block(octets, labels: PEM.certificateList) } catch {
            throw CommandFailure(message: "`\(path)` is not a CRL: \(error)", hint: nil, status: .usage)
        }
        return try list(block.contents, named: path)
    }

    static func list(_ der: [UInt8], named name: String) throws(CommandFailure) -> CertificateList {
        do { return try CertificateList(derEncoded: der) } catch {
            throw CommandFailure(message: "`\(name)` is not a CRL: \(error)", hint: nil, status: .usage)
        }
    }
}
