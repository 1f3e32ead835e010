public import TokenProtocol

/// The configuration of a token: URI, module, PIN, sandbox and limits.
public struct TokenConfiguration: Sendable {
    /// The token's name in the configuration.
    public var name: String
    /// Absolute path of `signet-token-worker`.
    public var workerPath: String
    public var module: ModuleLocation
    /// RFC 7512 URI.
    public var tokenURI: String
    /// Only the worker reads it.
    public var pin: PINSource
    /// The memory with the PIN, for `PINSource.memory`.
    public var pinMemory: PINMemory?
    public var profile: TokenProfile
    /// The API's name of the standard the token is declared to meet; nil when none is declared.
    public var securityStandard: String?
    /// The worker's environment, without the settings for malloc. Modules find their own configuration
    /// through it.
    public var environment: [String: String]
    /// The sandbox of its worker.
    public var confinement: WorkerConfinement
    /// Concurrent sessions, 1 to 64.
    public var sessions: Int
    /// The deadline of one signature.
    public var signDeadline: Duration
    /// The deadline of loading, login and key generation.
    public var longDeadline: Duration
    /// The maximum number of calls that wait for a session; further calls are refused.
    public var queueLimit: Int
    /// The maximum waiting time of a call.
    public var queuePatience: Duration
    /// The maximum time that the last signature of a message should wait for those before it. It limits the
    /// number of signatures in a message.
    package var messagePatience: Duration = .milliseconds(1)

    public init(
        name: String = "token", workerPath: String, module: ModuleLocation, tokenURI: String, pin: PINSource,
        pinMemory: PINMemory? = nil, profile: TokenProfile = .standard, securityStandard: String? = nil,
        environment: [String: String] = [:], confinement: WorkerConfinement = WorkerConfinement(),
        sessions: Int = 2,
        signDeadline: Duration = .seconds(10), longDeadline: Duration = .seconds(120), queueLimit: Int = 4096,
        queuePatience: Duration = .seconds(30)
    ) {
        self.name = name
        self.workerPath = workerPath
        self.module = module
        self.tokenURI = tokenURI
        self.pin = pin
        self.pinMemory = pinMemory
        self.profile = profile
        self.securityStandard = securityStandard
        self.environment = environment
        self.confinement = confinement
        precondition(1...64 ~= sessions, "a token has 1 to 64 sessions, not \(sessions)")
        self.sessions = sessions
        self.signDeadline = signDeadline
        self.longDeadline = longDeadline
        self.queueLimit = queueLimit
        self.queuePatience = queuePatience
    }
}
