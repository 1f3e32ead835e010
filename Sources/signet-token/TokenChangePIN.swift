internal import ArgumentParser
internal import TokenOffice
internal import TokenProtocol
internal import VisibleText

struct TokenChangePIN: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "change-pin",
        abstract: "Change the user PIN, or the security officer's.",
        discussion: """
            The PIN there is is tried once. With --reset the security officer gives the user a new PIN, when the old one is \
            locked or forgotten; with --so the security officer changes their own.
            """)

    @OptionGroup var module: ModuleOptions

    @Option(help: "The token's PKCS#11 URI (RFC 7512), such as `pkcs11:token=issuing`.")
    var token: String

    @Flag(help: "Change the security officer's PIN.")
    var so = false

    @Flag(help: "As the security officer, set the user PIN.")
    var reset = false

    @Option(
        help:
            "The file with the PIN that allows it: the user's, or the security officer's for --so and --reset."
    )
    var pinFile: String?

    @Option(help: "The file with the new PIN.")
    var newPinFile: String?

    func validate() throws {
        guard !(so && reset) else { throw ValidationError("--so and --reset do not go together.") }
    }

    func run() throws {
        let changed = try reporting {
            try Officer.changePIN(
                so ? .officer : reset ? .reset : .user, module.location, profile: try module.loadProfile(),
                tokenURI: token, current: pinFile.map { .file($0) } ?? .prompt,
                new: newPinFile.map { .file($0) } ?? .prompt)
        }
        if module.json { return try printJSON(changed) }
        Output.line(
            "changed  \(so ? "the security officer's PIN" : "the user PIN") of \(changed.label)  serial \(changed.serialNumber)"
        )
    }
}
