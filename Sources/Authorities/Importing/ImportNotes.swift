internal import Logging

/// Faults of an imported chain that only strict relying parties refuse.
enum ImportNotes {
    /// Foreign roots are not refused for such faults.
    static func log(_ notes: [String], _ id: String, _ logger: Logger) {
        for note in notes {
            logger.warning("imported chain", metadata: ["id": "\(id)", "note": "\(note)"])
        }
    }
}
