internal import Foundation
internal import Logging
internal import PKIX
internal import Settings
internal import TokenProtocol
internal import TokenSettings
internal import Tokens
internal import VisibleText

/// Builds the configured tokens and opens them.
struct TokenAssembly {
    let settings: DaemonSettings.Tokens
    /// The keys with a ceremony record; nil when keys need none.
    let recorded: Set<SubjectPublicKey>?
    let logger: Logger

    /// Collects the PINs that are entered at the start. Starts no worker.
    func assemble(report: @escaping @Sendable (TokenEvent) -> Void) throws(StartupError) -> TokenSet {
        if settings.allowsOwnModules {
            logger.warning(
                "insecure-own-modules: a PKCS#11 module of the daemon's own user will be loaded; not for production"
            )
        }
        let worker = try Self.workerPath(settings.workerPath)
        var tokens: [Tokens.Token] = []
        for entry in settings.entries {
            let (pin, memory) = try pin(of: entry, worker)
            let configuration = TokenConfiguration(
                name: entry.name, workerPath: worker, module: entry.module, tokenURI: entry.uri, pin: pin,
                pinMemory: memory, profile: entry.profile, securityStandard: entry.securityStandard,
                environment: entry.environment, confinement: entry.confinement, sessions: entry.sessions,
                signDeadline: .seconds(entry.signSeconds), queueLimit: entry.queueLength,
                queuePatience: .seconds(entry.queueSeconds))
            for gap in ConfinementInForce.ofThisKernel.gaps(of: configuration) {
                logger.warning("\(gap)", metadata: ["token": "\(entry.name)"])
            }
            tokens.append(Tokens.Token(configuration: configuration, logger: logger, report: report))
        }
        return TokenSet(
            tokens, drained: Set(settings.entries.filter(\.isDrained).map(\.name)), recorded: recorded)
    }

    /// - Parameter configured: nil for the program beside this one
    static func workerPath(_ configured: String?) throws(StartupError) -> String {
        let beside = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("signet-token-worker").path
        let worker = configured ?? beside
        guard FileManager.default.isExecutableFile(atPath: worker) else {
            throw StartupError(
                "the token worker `\(worker)` is not there or cannot be run",
                hint: "install signet-token-worker beside signetd, or set `worker`", status: .configuration)
        }
        return worker
    }

    /// A PIN from a terminal or a descriptor can be read only once, but workers may be replaced many times.
    private func pin(
        of entry: TokenEntry, _ worker: String
    ) throws(StartupError) -> (PINSource, PINMemory?) {
        let source: PINMemory.Source
        switch entry.pin {
        case .prompt: source = .terminal(prompt: "user PIN of the token \(entry.name): ")
        case .descriptor(let number): source = .descriptor(number)
        default: return (entry.pin, nil)
        }
        do {
            let memory = try PINMemory(asking: source, workerPath: worker)
            return (.memory(origin: entry.pin.provenance), memory)
        } catch {
            throw StartupError(
                "there is no PIN for the token `\(entry.name)`: \(error)",
                hint:
                    "start the daemon on a terminal for `prompt`, or with the descriptor open and not read yet",
                status: .unavailable)
        }
    }

    /// Opens every token in service. A token that is absent may appear later; meanwhile the daemon serves as
    /// degraded. A fault that only an operator can correct ends the start, unless another token serves.
    static func open(_ tokens: TokenSet, _ logger: Logger) async throws(StartupError) {
        let inService = tokens.tokens.filter { !tokens.isDrained($0.configuration.name) }
        // Tokens of one module with one environment are opened one after the other: SoftHSM shows no token to
        // one of two processes that open its directory at the same moment.
        let groups = Dictionary(grouping: inService) { token in
            "\(token.configuration.module.path) \(token.configuration.environment.sorted { $0.key < $1.key })"
        }
        let failures = await withTaskGroup(of: [HSMError?].self) { group in
            for tokens in groups.values {
                group.addTask {
                    var failures: [HSMError?] = []
                    for token in tokens {
                        do throws(HSMError) {
                            try await token.open()
                            failures.append(nil)
                        } catch { failures.append(error) }
                    }
                    return failures
                }
            }
            return await group.reduce(into: [HSMError?]()) { $0 += $1 }
        }
        // A fault of the configuration that only opening the tokens reveals.
        for case .sameToken(let other, let serialNumber)? in failures {
            throw StartupError(
                "two entries of `tokens` name one token: `\(other)` is the token with the serial number \(serialNumber), and another entry names it too",
                hint: "take one of them out of the configuration, or correct its `uri`",
                status: .configuration)
        }
        guard !failures.isEmpty, !failures.contains(where: { $0 == nil }) else { return }
        let reasons = failures.compactMap { $0 }
        guard !reasons.allSatisfy(\.needsOperator) else {
            let environment: EscapedText =
                reasons.contains { "\($0)".contains("C_Initialize") }
                ? "a module that fails in C_Initialize does not find its own configuration: give its variable, such as SOFTHSM2_CONF, under `environment`; "
                : ""
            throw StartupError(
                "the token cannot be used: \(reasons.map { "\($0)" }.joined(separator: "; "))",
                hint: "see module, uri and pin under `tokens` in the configuration; " + environment
                    + "Signet changed nothing on the token",
                status: .unavailable)
        }
        logger.error("no token is there; serving without one, and trying again every few seconds")
    }
}
