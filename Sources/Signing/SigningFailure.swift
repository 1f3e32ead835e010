public import Storage

/// Why a signing cycle returned no signed object.
public enum SigningFailure: Error, Sendable, CustomStringConvertible {
    /// The intent was not recorded, so no key was used.
    case intent(StorageError)
    /// No signature was made or released. The outcome is recorded.
    case signature(any Error)
    /// The outcome was not recorded. The next start of the daemon finds the intent without an outcome.
    case outcome(StorageError)
    /// The object names a key other than the one that was to sign it.
    case keyDoesNotFit
    /// The batch has made its last signature, or its time is over.
    case batchOver
    /// The text of a checkpoint begins like DER.
    case notACheckpoint

    public var description: String {
        switch self {
        case .intent(let error), .outcome(let error): error.description
        case .signature(let error): "\(error)"
        case .keyDoesNotFit: "what is to be signed names another key"
        case .batchOver: "the intent for these signatures has ended"
        case .notACheckpoint: "the text of the checkpoint begins like DER"
        }
    }
}
