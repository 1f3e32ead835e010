internal import ArgumentParser
internal import TokenOffice
internal import TokenProtocol
internal import VisibleText

struct TokenInit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Initialize a token that was never used: label, security officer's PIN, user PIN.",
        discussion: """
            Only a token that is not initialized is touched, and only after everything else was checked. Both PINs are asked \
            for twice, without an echo, unless a file has them.
            """)

    @OptionGroup var module: ModuleOptions

    @Option(help: "The token's label: 1 to 32 bytes that no other token of the module has.")
    var label: String

    @Option(help: "The slot, as `list` shows it, when more than one token is not initialized.")
    var slot: UInt?

    @Option(help: "The file with the security officer's new PIN.")
    var soPinFile: String?

    @Option(help: "The file with the user's new PIN.")
    var pinFile: String?

    func run() throws {
        let token = try reporting {
            try Officer.initialize(
                module.location, profile: try module.loadProfile(), slot: slot, label: label,
                officerPIN: soPinFile.map { .file($0) } ?? .prompt,
                userPIN: pinFile.map { .file($0) } ?? .prompt)
        }
        if module.json { return try printJSON(token) }
        Output.line("initialized  \(token.label)  serial \(token.serialNumber)")
        Output.line("its URI      \(uri(token))")
    }
}

/// RFC 7512: a URI that identifies exactly this token.
func uri(_ token: TokenSummary) -> String {
    "pkcs11:token=\(percentEncoded(token.label));serial=\(percentEncoded(token.serialNumber))"
}

private func percentEncoded(_ text: String) -> String {
    // RFC 7512, section 2.3: characters of a path attribute that need no escape.
    text.utf8.map { byte in
        let character = Character(UnicodeScalar(byte))
        let isPlain =
            character.isASCII && (character.isLetter || character.isNumber || "-._~".contains(character))
        let digits = String(byte, radix: 16, uppercase: true)
        return isPlain ? String(character) : "%" + (digits.count == 1 ? "0" : "") + digits
    }.joined()
}
