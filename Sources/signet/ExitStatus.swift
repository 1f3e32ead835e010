internal import APIClient
internal import ArgumentParser

/// The statuses that `signet` ends with when it fails (sysexits(3)). Scripts tell by them whether to try
/// again.
enum ExitStatus: Int32 {
    /// Any other failure: a request that is invalid, or a check whose result is negative.
    case failure = 1
    /// The command line, or a file that it names, is wrong. ArgumentParser ends the program with it too.
    case usage = 64
    /// A file, an authority, a certificate or another thing that the command names does not exist.
    case notFound = 66
    /// The daemon cannot be reached, is too busy, or cannot work now. The same command may succeed later.
    case unavailable = 69
    /// The request waits for officers, or is being worked on.
    case waiting = 75
    /// The policies, or the permissions of a file, do not allow it.
    case denied = 77

    /// By the type of the service's error (AWS Private CA API Reference, "Common Errors" and each operation).
    init(_ error: APIClientError) {
        self =
            switch error {
            case .unreachable: .unavailable
            case .unexpectedAnswer: .failure
            case .service(let type, _, _):
                switch type {
                case "AccessDeniedException": .denied
                case "ResourceNotFoundException": .notFound
                case "RequestInProgressException": .waiting
                case "ThrottlingException", "InternalFailure", "ServiceUnavailable",
                    "ConcurrentModificationException":
                    .unavailable
                default: .failure
                }
            }
    }

    var code: ExitCode { ExitCode(rawValue) }
}
