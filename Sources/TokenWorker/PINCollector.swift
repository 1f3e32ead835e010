internal import CPlatform
internal import Glibc
internal import PKCS11
internal import TokenAccess
internal import TokenProtocol
internal import VisibleText

/// Reads a PIN once, at the daemon's start, into memory that the daemon can pass to each worker without
/// reading it.
public enum PINCollector {
    /// Reads the PIN from the terminal, or from standard input without a prompt, into the memory on
    /// descriptor 3. Exits with 0, or with 1 after a line on standard error.
    public static func leave(prompt: String?) -> Never { exit(run(prompt: prompt)) }

    private static func run(prompt: String?) -> Int32 {
        guard signet_harden_process() == 0 else { return 70 }
        do throws(WorkerFailure) {
            let pin = try PINReader.read(
                prompt == nil ? .descriptor(STDIN_FILENO) : .prompt,
                prompt: EscapedText(prompt ?? "", layout: .document))
            guard pin.store(in: WorkerDescriptor.main) else {
                throw WorkerFailure(.configuration, "the PIN cannot be kept in memory")
            }
            return 0
        } catch {
            Output.error("\(error.message)")
            return 1
        }
    }
}
