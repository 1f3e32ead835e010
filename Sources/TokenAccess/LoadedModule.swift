internal import CPlatform
internal import Glibc
public import PKCS11
internal import Synchronization
public import TokenProtocol

/// The modules of this process. A module is loaded once and never unloaded: a second `C_Initialize` would be
/// refused (CKR_CRYPTOKI_ALREADY_INITIALIZED), and a module that other code initialized is not used.
public enum LoadedModule {
    private static let modules = Mutex<[String: Module]>([:])

    /// Checks the trace module's file by the rules for modules, because it sees every call and could sign.
    private static func traceModule(
        of location: ModuleLocation, _ path: String
    ) throws(WorkerFailure) -> String? {
        guard let trace = location.traceModule else { return nil }
        var traceLocation = location
        traceLocation.path = trace
        let tracePath = try ModuleFile.check(traceLocation)
        // The variable from which pkcs11-spy takes the real module.
        guard unsafe setenv("PKCS11SPY", path, 1) == 0 else {
            throw WorkerFailure(.configuration, "the trace module cannot be told of the module: no memory")
        }
        return tracePath
    }

    /// Checks the module's file and loads it. From then on the process cannot be dumped or traced, because it
    /// will hold a PIN.
    public static func load(
        _ location: ModuleLocation, _ profile: TokenProfile
    ) throws(WorkerFailure) -> Module {
        guard signet_harden_process() == 0 else {
            throw WorkerFailure(.fatal, "this process cannot be kept from being dumped or traced")
        }
        let path = try ModuleFile.check(location)
        let tracePath = try traceModule(of: location, path)
        if let module = modules.withLock({ $0[path] }) { return module }
        do {
            let module = try Module(
                path: path, tracedBy: tracePath, initializeParameters: profile.initializeParameters)
            modules.withLock { $0[path] = module }
            return module
        } catch {
            guard case .cannotInitialize(_, let cause) = error else {
                throw WorkerFailure(.configuration, error.description)
            }
            // A failure of the device or its service may be temporary. Arguments that the module refuses stay
            // wrong.
            let own = WorkerFailure(cause, profile).failureClass
            throw WorkerFailure(own == .request ? .configuration : own, error.description)
        }
    }
}
