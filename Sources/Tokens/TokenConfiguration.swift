public import TokenProtocol

/// Which token, through which module, and how hard it may be worked.
public struct TokenConfiguration: Sendable {
    /// What the operator calls it.
    public var name: String
    /// Absolute path of `signet-token-worker`.
    public var workerPath: String
    public var module: ModuleLocation
    /// RFC 7512 URI.
    public var tokenURI: String
    /// Only the worker reads it.
    public var pin: PINSource
    /// Where ``PINMemory`` left the PIN, for `PINSource.memory`.
    public var pinMemory: PINMemory?
    public var profile: TokenProfile
    /// The API's name of the standard the token is declared to meet; nil when none is declared.
    public var securityStandard: String?
    /// The worker's environment, but for what its malloc is told. Modules find their own configuration through it.
    public var environment: [String: String]
    /// What its worker shuts itself in with.
    public var walls: WorkerWalls
    /// Sessions that sign at once, 1 to 64.
    public var sessions: Int
    /// How long one signature may take.
    public var signDeadline: Duration
    /// How long loading, login or generating a key may take.
    public var longDeadline: Duration
    /// How many calls may wait for a session; more are refused.
    public var queueLimit: Int
    /// How long one may wait.
    public var queuePatience: Duration
    /// How long the last signature that a message asks for should wait for those before it; more need a message of their own.
    package var messagePatience: Duration = .milliseconds(1)

    public init(
        name: String = "token", workerPath: String, module: ModuleLocation, tokenURI: String, pin: PINSource,
        pinMemory: PINMemory? = nil, profile: TokenProfile = .standard, securityStandard: String? = nil,
        environment: [String: String] = [:], walls: WorkerWalls = WorkerWalls(), sessions: Int = 2,
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
        self.walls = walls
        precondition(1...64 ~= sessions, "a token has 1 to 64 sessions, not \(sessions)")
        self.sessions = sessions
        self.signDeadline = signDeadline
        self.longDeadline = longDeadline
        self.queueLimit = queueLimit
        self.queuePatience = queuePatience
    }
}
