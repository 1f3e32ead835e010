internal import TransparencyLog

/// The octets of a checkpoint that the log's key signs.
struct CheckpointText: Sendable {
    let octets: [UInt8]

    /// - Throws: ``SigningFailure/notACheckpoint`` for a text that could also be DER
    init(_ checkpoint: Checkpoint) throws(SigningFailure) {
        octets = Array(checkpoint.text.utf8)
        // A text that begins like a SEQUENCE could be the octets of a certificate.
        guard octets.first != 0x30 else { throw .notACheckpoint }
    }
}
