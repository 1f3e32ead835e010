public import Foundation
public import StrictYAML
public import TokenProtocol
internal import TrustedPaths
public import Yams

/// One token of the configuration, after all checks that need no token.
public struct TokenEntry: Sendable {
    /// The token's name in the configuration.
    public let name: String
    public let module: ModuleLocation
    /// RFC 7512 URI.
    public let uri: String
    /// The attributes of the token in the URI.
    let attributes: Set<TokenURISyntax.Attribute>
    public let pin: PINSource
    public let profile: TokenProfile
    /// 1 to 64.
    public let sessions: Int
    public let signSeconds: Int
    /// The maximum waiting time of a call.
    public let queueSeconds: Int
    /// The maximum number of waiting calls.
    public let queueLength: Int
    /// The worker's environment, without the settings for malloc.
    public let environment: [String: String]
    /// The worker's sandbox.
    public internal(set) var confinement: WorkerConfinement
    /// The API's name; nil when none is declared.
    public let securityStandard: String?
    /// Whether it is out of service from the start.
    public let isDrained: Bool

    fileprivate var pinFile: String? { if case .file(let path) = pin { path } else { nil } }
}

extension TokenEntry {
    /// Whether one of the two URIs has all attributes of the other, with the same module and environment.
    /// Since a URI matches exactly one token, both then name the same token. Other duplicates are found when
    /// tokens are opened (`TokenIdentities`).
    fileprivate func namesSameToken(as other: TokenEntry) -> Bool {
        guard environment == other.environment, moduleFile == other.moduleFile else { return false }
        return attributes.isSubset(of: other.attributes) || other.attributes.isSubset(of: attributes)
    }

    private var moduleFile: String {
        URL(fileURLWithPath: module.path).resolvingSymlinksInPath().path
    }
}

/// Reads the list of tokens.
public struct TokenEntryReader {
    private let faults: FaultList
    private let directory: URL
    private let files: SourceFiles
    private let moduleDirectories: [String]
    private let allowsOwnUser: Bool
    private let state: StatePaths
    private let findUser: (String) -> UInt32?

    /// - Parameters:
    ///   - directory: the base of relative paths
    ///   - files: records the profiles that are read
    ///   - moduleDirectories: the directories for modules
    ///   - allowsOwnUser: see `ModuleLocation`
    ///   - state: the paths that no module may reach
    ///   - findUser: the number of an account; nil when there is none
    public init(
        faults: FaultList, directory: URL, files: SourceFiles, moduleDirectories: [String],
        allowsOwnUser: Bool, state: StatePaths, findUser: @escaping (String) -> UInt32?
    ) {
        self.faults = faults
        self.directory = directory
        self.files = files
        self.moduleDirectories = moduleDirectories
        self.allowsOwnUser = allowsOwnUser
        self.state = state
        self.findUser = findUser
    }

    /// Nil when the list has any fault.
    public func read(_ nodes: [Node]) -> [TokenEntry]? {
        var entries: [TokenEntry] = []
        for (index, node) in nodes.enumerated() {
            guard let entry = entry(node, index) else { continue }
            if entries.contains(where: { $0.name == entry.name }) {
                faults.add("the token name `\(entry.name)` is there twice", at: node)
            }
            if let other = entries.first(where: { $0.namesSameToken(as: entry) }) {
                faults.add(
                    "`tokens[\(index)].uri` names the token of `\(other.name)` again, with the same module and environment",
                    at: node)
            }
            entries.append(entry)
        }
        guard !nodes.isEmpty, entries.count == nodes.count else { return nil }
        // No module may read the PIN of another token.
        let pinFiles = Set(entries.compactMap(\.pinFile))
        for index in entries.indices {
            entries[index].confinement.hidden += pinFiles.subtracting([entries[index].pinFile ?? ""]).sorted()
        }
        return entries
    }

    private func entry(_ node: Node, _ index: Int) -> TokenEntry? {
        let entry = StrictMapping(
            node, path: "tokens[\(index)]",
            known: [
                "name", "module", "uri", "pin", "profile", "sessions", "sign-seconds", "queue-seconds",
                "queue-length", "environment", "security-standard", "drained", "paths", "worker-user",
                "trace-module",
            ], faults: faults)
        let name = entry.text("name")
        if let name, name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]{0,63}/) == nil {
            entry.fault(
                "`\(entry.name("name"))` must be 1 to 64 letters, digits, dots, hyphens or underscores",
                at: "name")
        }
        let module = entry.text("module")
        if let module, !module.hasPrefix("/") {
            entry.fault("`\(entry.name("module"))` must be an absolute path", at: "module")
        }
        let traceModule = entry.has("trace-module") ? entry.text("trace-module") : nil
        if let traceModule, !traceModule.hasPrefix("/") {
            entry.fault("`\(entry.name("trace-module"))` must be an absolute path", at: "trace-module")
        }
        let uri = entry.text("uri")
        let syntax = uri.flatMap { self.syntax(of: $0, entry) }
        let standard = entry.has("security-standard") ? entry.text("security-standard") : nil
        if let standard, !Self.securityStandards.contains(standard) {
            entry.fault(
                "`\(entry.name("security-standard"))` must be one of \(Self.securityStandards.joined(separator: ", "))",
                at: "security-standard")
        }
        let profile = profile(entry)
        let pin = pin(entry)
        let environment = environment(entry)
        let confinement = ConfinementReader(state: state, absolute: absolute, findUser: findUser).read(entry)
        // The worker sets this variable to the module that it checked.
        if traceModule != nil, environment["PKCS11SPY"] != nil {
            entry.fault(
                "`\(entry.name("environment"))` must not have PKCS11SPY: `module` is what is traced",
                at: "environment")
        }
        let isDrained = entry.boolean("drained", default: false)
        guard let name, let module, let uri, let syntax, let pin, let profile else { return nil }
        return TokenEntry(
            name: name,
            module: ModuleLocation(
                path: module, directories: moduleDirectories, allowsOwnUser: allowsOwnUser,
                traceModule: traceModule),
            uri: uri, attributes: Set(syntax.path), pin: pin, profile: profile.profile,
            sessions: entry.number("sessions", default: profile.sessions ?? 2, in: 1...64),
            signSeconds: entry.number("sign-seconds", default: 10, in: 1...600),
            queueSeconds: entry.number("queue-seconds", default: 30, in: 1...3600),
            queueLength: entry.number("queue-length", default: 4096, in: 1...1_000_000),
            environment: environment, confinement: confinement, securityStandard: standard,
            isDrained: isDrained)
    }

    // The worker parses the URI with p11-kit. This check reports an invalid URI when the configuration is
    // read, not only at the start.
    private func syntax(of uri: String, _ entry: StrictMapping) -> TokenURISyntax? {
        let key = entry.name("uri")
        let syntax: TokenURISyntax
        do { syntax = try TokenURISyntax(uri) } catch {
            switch error {
            case .scheme:
                entry.fault(
                    "`\(key)` must be a PKCS#11 URI such as `pkcs11:token=issuing` (RFC 7512)", at: "uri")
            case .octet, .escape: entry.fault("`\(key)` cannot be used: \(error)", at: "uri")
            }
            return nil
        }
        if !syntax.path.contains(where: { ["token", "serial"].contains($0.name) }) {
            entry.fault("`\(key)` names neither `token` nor `serial`, so it could match any token", at: "uri")
        }
        for secret in ["pin-value", "pin-source"] where syntax.query.contains(where: { $0.name == secret }) {
            entry.fault("`\(key)` has a `\(secret)` attribute; say `pin` instead", at: "uri")
        }
        return syntax
    }

    private func profile(_ entry: StrictMapping) -> (profile: TokenProfile, sessions: Int?)? {
        guard entry.has("profile") else { return (.standard, nil) }
        guard let path = entry.text("profile") else { return nil }
        if let fault = FileTrust.fault(ofFile: absolute(path)) {
            entry.fault("the profile `\(path)` \(fault)", at: "profile")
            return nil
        }
        do throws(StrictYAMLError) {
            guard let data = files.read(absolute(path), named: path) else {
                throw .unreadable(absolute(path), named: path)
            }
            let file = try ProfileFile.parse(data, named: path)
            return (file.profile, file.sessions)
        } catch {
            for fault in error.faults { faults.add(fault) }
            return nil
        }
    }

    private func pin(_ entry: StrictMapping) -> PINSource? {
        let known = ["file", "credential", "descriptor", "prompt", "protected-authentication-path"]
        guard let pin = entry.mapping("pin", known: known) else { return nil }
        guard known.filter(pin.has).count == 1 else {
            entry.fault("`\(entry.name("pin"))` must have one of \(known.joined(separator: ", "))", at: "pin")
            return nil
        }
        if pin.has("file") { return pin.text("file").map { .file(absolute($0)) } }
        if pin.has("credential") { return pin.text("credential").flatMap { credential($0, pin) } }
        if pin.has("descriptor") {
            return .descriptor(Int32(pin.number("descriptor", default: 0, in: 0...1023)))
        }
        let isPrompt = pin.has("prompt")
        guard pin.boolean(isPrompt ? "prompt" : "protected-authentication-path", default: false) else {
            entry.fault("`\(entry.name("pin"))` can only be switched on with `true`", at: "pin")
            return nil
        }
        return isPrompt ? .prompt : .protectedAuthenticationPath
    }

    private func credential(_ name: String, _ pin: StrictMapping) -> PINSource? {
        guard !name.contains("/"), name != ".." else {
            pin.fault(
                "`\(pin.name("credential"))` must be the name of a credential, without a directory",
                at: "credential")
            return nil
        }
        // systemd.exec(5), LoadCredential=. Where systemd did not start the daemon, opening the token says
        // that it is not there.
        let directory =
            ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"] ?? "/run/credentials/signetd.service"
        return .credential("\(directory)/\(name)")
    }

    private func environment(_ entry: StrictMapping) -> [String: String] {
        guard let node = entry.node("environment") else { return [:] }
        let name = entry.name("environment")
        guard let mapping = node.mapping else {
            faults.add("`\(name)` must be a mapping of names to values", at: node)
            return [:]
        }
        var environment: [String: String] = [:]
        for (key, value) in mapping {
            guard let variable = key.string, let text = value.scalar?.string,
                variable.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil
            else {
                faults.add("`\(name)` must hold names with single values", at: key)
                continue
            }
            // ld.so(8): the code that these name would run before the worker is confined.
            guard !["LD_PRELOAD", "LD_AUDIT"].contains(variable) else {
                faults.add(
                    "`\(name)` cannot hold `\(variable)`, which loads code before the module is confined",
                    at: key)
                continue
            }
            environment[variable] = text
        }
        return environment
    }

    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : directory.appendingPathComponent(path).standardizedFileURL.path
    }

    /// API reference, KeyStorageSecurityStandard.
    private static let securityStandards = [
        "FIPS_140_2_LEVEL_2_OR_HIGHER", "FIPS_140_2_LEVEL_3_OR_HIGHER", "CCPC_LEVEL_1_OR_HIGHER",
    ]
}
