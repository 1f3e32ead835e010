internal import ArgumentParser
internal import Foundation
internal import StrictYAML
internal import TokenProtocol
internal import TokenSettings

/// The options that select the module.
struct ModuleOptions: ParsableArguments {
    @Option(
        help:
            "The PKCS#11 module, such as /usr/lib/softhsm/libsofthsm2.so; root's, in or below a module directory."
    )
    var module: String

    @Option(
        name: .customLong("module-directory"),
        help: ArgumentHelp(
            "A directory modules may lie in, instead of the usual ones (\(ModuleLocation.usualDirectories.joined(separator: ", "))).",
            valueName: "directory"))
    var directories: [String] = []

    @Flag(help: "Load a module that belongs to you and not to root. For development.")
    var insecureOwnModules = false

    @Option(help: "The vendor profile (YAML), such as HSMConfig/profiles/softhsm.yaml.")
    var profile: String?

    @Flag(help: "Print JSON.")
    var json = false

    var location: ModuleLocation {
        ModuleLocation(
            path: module, directories: directories.isEmpty ? ModuleLocation.usualDirectories : directories,
            allowsOwnUser: insecureOwnModules)
    }

    func loadProfile() throws -> TokenProfile {
        guard let profile else { return .standard }
        return try ProfileFile.load(path: profile).profile
    }
}

/// The source of a PIN; by default a prompt.
struct PINOptions {
    var file: String?
    var credential: String?
    var descriptor: Int32?
    var isAtToken = false

    func source() throws -> PINSource {
        let given = [file != nil, credential != nil, descriptor != nil, isAtToken].count { $0 }
        guard given <= 1 else { throw ValidationError("Give one source for a PIN.") }
        if let file { return .file(file) }
        if let credential {
            guard let directory = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"] else {
                throw ValidationError(
                    "$CREDENTIALS_DIRECTORY is not set: systemd sets it for a unit with LoadCredential=.")
            }
            return .credential("\(directory)/\(credential)")
        }
        if let descriptor { return .descriptor(descriptor) }
        return isAtToken ? .protectedAuthenticationPath : .prompt
    }
}

/// The options that select the token and its PIN.
struct TokenOptions: ParsableArguments {
    @OptionGroup var module: ModuleOptions

    @Option(help: "The token's PKCS#11 URI (RFC 7512), such as `pkcs11:token=issuing`.")
    var token: String

    @Option(
        help:
            "The file with the user PIN; no other user may be able to read it. Without a source you are asked."
    )
    var pinFile: String?

    @Option(help: "The systemd credential with the user PIN.")
    var pinCredential: String?

    @Option(help: "An open descriptor with the user PIN, read to its end.")
    var pinDescriptor: Int32?

    @Flag(help: "The PIN is given at the token itself.")
    var protectedAuthenticationPath = false

    func opening() throws -> WorkerRequest.Opening {
        let pin = try PINOptions(
            file: pinFile, credential: pinCredential, descriptor: pinDescriptor,
            isAtToken: protectedAuthenticationPath
        ).source()
        return .init(
            module: module.location, tokenURI: token, pin: pin, sessions: 1, profile: try module.loadProfile()
        )
    }
}
