internal import ArgumentParser
internal import Foundation
internal import LocalCertificates

/// The certification request: a file, or a key and names.
struct RequestOptions: ParsableArguments {
    @Option(help: "A PEM file with the certificate signing request; `-` reads standard input.")
    var csr: String?

    @Option(
        help: ArgumentHelp(
            "In place of --csr: the PEM file of the private key that signs a request for the names below.",
            valueName: "file"))
    var key: String?

    @Option(help: "Make a new key for each certificate, and write it to the file of --key.")
    var newKey: LocalKey.Kind?

    @Option(help: ArgumentHelp("A DNS name; can be given several times.", valueName: "name")) var dns:
        [String] = []
    @Option(help: ArgumentHelp("An IP address; can be given several times.", valueName: "address")) var ip:
        [String] = []
    @Option(help: ArgumentHelp("A URI, such as a SPIFFE ID; can be given several times.", valueName: "uri"))
    var uri: [String] = []
    @Option(help: ArgumentHelp("An e-mail address; can be given several times.", valueName: "address"))
    var email: [String] = []
    @Option(help: "The commonName of the subject.") var commonName: String?

    private var names: RequestedNames {
        RequestedNames(
            commonName: commonName, dnsNames: dns, ipAddresses: ip, uris: uri, emailAddresses: email)
    }

    func validate() throws {
        guard (csr == nil) != (key == nil) else { throw ValidationError("Give one of --csr and --key.") }
        if key == nil {
            guard names == RequestedNames(), newKey == nil else {
                throw ValidationError(
                    "--new-key and the options for names need --key; a request of --csr has its own.")
            }
        } else {
            guard names != RequestedNames() else {
                throw ValidationError("Give the names of the certificate, such as --dns www.example.com.")
            }
        }
    }

    /// - Parameter comparesNames: whether a certificate must have the names of the request of --csr
    func request(comparesNames: Bool) throws(CommandFailure) -> LocalCertificate.Request {
        if let key { return .names(names, key: key, new: newKey) }
        return .made(Array(try InputFile.read(csr ?? "-")), comparesNames: comparesNames)
    }
}

/// Where a service has its certificate, and when it is renewed.
struct RenewalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write the certificate to this file, in one step; it keeps its owner and mode, and nothing is changed on an error.",
            valueName: "file"))
    var output: String?

    @Option(
        help: ArgumentHelp(
            "Do nothing while the certificate in the file is good for longer, such as `30d`, has the key and the names, and is of the authority.",
            valueName: "time"))
    var renewBefore: Period?

    @Option(
        help: ArgumentHelp(
            "A command for /bin/sh, run after the files were written. When it fails, the old files are put back.",
            valueName: "command"))
    var reload: String?

    func validate() throws {
        guard output != nil || (renewBefore == nil && reload == nil) else {
            throw ValidationError("--renew-before and --reload need --output.")
        }
    }
}
