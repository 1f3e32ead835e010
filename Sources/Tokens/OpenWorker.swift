internal import Logging
internal import Signing
internal import TokenProtocol

/// A worker that is logged in to its token.
struct OpenWorker: Sendable {
    let process: WorkerProcess
    let token: TokenDescription
    /// The number of sessions that the token opened.
    let sessions: Int
    let since = ContinuousClock.now

    /// Starts a worker and has it log in. Concurrent, because it starts a process.
    @concurrent static func start(
        _ configuration: TokenConfiguration, _ logger: Logger, expectedSerialNumber: String?
    ) async -> Result<OpenWorker, HSMError> {
        do throws(HSMError) {
            let process = try WorkerProcess(configuration, logger: logger)
            let opening = WorkerRequest.Opening(
                module: configuration.module, tokenURI: configuration.tokenURI, pin: configuration.pin,
                sessions: UInt8(clamping: configuration.sessions), profile: configuration.profile,
                confinement: configuration.confinement, expectedSerialNumber: expectedSerialNumber)
            do throws(HSMError) {
                let opened = await withTaskCancellationHandler {
                    await Self.open(process, opening, allowed: configuration.longDeadline)
                } onCancel: {
                    process.stop()
                }
                let answer = try opened.get()
                guard case .opened(let token, let sessions) = answer,
                    1...configuration.sessions ~= Int(sessions)
                else { throw .unexpectedAnswer }
                process.calls.serve(sessions: Int(sessions))
                return .success(OpenWorker(process: process, token: token, sessions: Int(sessions)))
            } catch {
                process.stop()
                throw error
            }
        } catch {
            return .failure(error)
        }
    }

    private static func open(
        _ process: WorkerProcess, _ opening: WorkerRequest.Opening, allowed: Duration
    ) async -> Result<WorkerAnswer, HSMError> {
        do throws(HSMError) {
            return .success(try await process.calls.call(.open(opening), allowed: allowed, .daemon))
        } catch { return .failure(error) }
    }
}
