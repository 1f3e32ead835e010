/// The numbers of the descriptors that a worker inherits.
public enum WorkerDescriptor {
    /// The socket with every request and the answer to the first, which ends when the daemon does. For a worker that asks for
    /// a PIN, the memory it goes into.
    public static let main: Int32 = 3
    /// Memory with the PIN, when the daemon was given one at its start; unused otherwise.
    public static let secret: Int32 = 4
    /// The socket that the first session answers on; the others have those behind it.
    public static let firstAnswers: Int32 = 5
}
