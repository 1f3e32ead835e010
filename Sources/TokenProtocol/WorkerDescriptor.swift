/// The numbers of the descriptors that a worker inherits.
public enum WorkerDescriptor {
    /// The socket for the first request and its answer. It is closed when the daemon ends. For a process that
    /// only collects a PIN, it is the memory to store the PIN in.
    public static let main: Int32 = 3
    /// Memory with the PIN, if the daemon received one at its start; unused otherwise.
    public static let secret: Int32 = 4
    /// The socket of the first session, for its requests and answers. The other sessions have the following
    /// numbers.
    public static let firstSession: Int32 = 5
}
