/// The numbers of the descriptors that a worker inherits.
public enum WorkerDescriptor {
    /// The socket with the first request and its answer, which ends when the daemon does. For a worker that asks for a PIN, the
    /// memory it goes into.
    public static let main: Int32 = 3
    /// Memory with the PIN, when the daemon was given one at its start; unused otherwise.
    public static let secret: Int32 = 4
    /// The socket of the first session, with what it is asked and answers; the others have those behind it.
    public static let firstSession: Int32 = 5
}
