internal import Logging

/// What strict relying parties do not like about an imported chain.
enum ImportNotes {
    /// Roots that others made are not refused for it.
    static func log(_ notes: [String], _ id: String, _ logger: Logger) {
        for note in notes {
            logger.warning("imported chain", metadata: ["id": "\(id)", "note": "\(note)"])
        }
    }
}
