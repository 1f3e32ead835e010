internal import PKCS11
internal import Synchronization
internal import TokenProtocol

/// The modules of this process. A module is loaded once and never unloaded: a second `C_Initialize` would be refused
/// (CKR_CRYPTOKI_ALREADY_INITIALIZED), and one that somebody else initialised here is not ours to use.
enum LoadedModule {
    private static let modules = Mutex<[String: Module]>([:])

    /// The module, after its file was checked.
    static func load(_ location: ModuleLocation, _ profile: TokenProfile) throws(WorkerFailure) -> Module {
        let path = try ModuleFile.check(location)
        if let module = modules.withLock({ $0[path] }) { return module }
        do {
            let module = try Module(path: path, initializeParameters: profile.initializeParameters)
            modules.withLock { $0[path] = module }
            return module
        } catch {
            if case .cannotInitialize(_, let cause) = error, cause.returnValue.failureClass == .fatal {
                throw WorkerFailure(.fatal, error.description)
            }
            throw WorkerFailure(.configuration, error.description)
        }
    }
}
