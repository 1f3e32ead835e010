/// Which token, through which module, and how hard it may be worked.
public struct TokenConfiguration: Sendable {
    /// Absolute path of `signet-token-worker`.
    public var workerPath: String
    /// Absolute path of the PKCS#11 module.
    public var modulePath: String
    /// RFC 7512 URI.
    public var tokenURI: String
    /// Absolute path of the file with the user PIN; only the worker opens it.
    public var pinFile: String
    /// The worker's whole environment. Modules find their own configuration through it.
    public var environment: [String: String]
    /// Sessions that sign at once, 1 to 64.
    public var sessions: Int
    /// How long one signature may take.
    public var signDeadline: Duration
    /// How long loading, login or generating a key may take.
    public var longDeadline: Duration

    public init(
        workerPath: String, modulePath: String, tokenURI: String, pinFile: String,
        environment: [String: String] = [:], sessions: Int = 2,
        signDeadline: Duration = .seconds(10), longDeadline: Duration = .seconds(120)
    ) {
        self.workerPath = workerPath
        self.modulePath = modulePath
        self.tokenURI = tokenURI
        self.pinFile = pinFile
        self.environment = environment
        self.sessions = sessions
        self.signDeadline = signDeadline
        self.longDeadline = longDeadline
    }
}
