public import Authorization
public import Issuance
public import PKIX
public import TokenSettings
public import TransparencyLog

/// What an operator configured, after everything about it that can be checked without the token was checked.
public struct DaemonSettings: Sendable {
    public let naming: Naming
    /// Absolute path of the database file.
    public let databasePath: String
    public let socket: Socket
    public let limits: Limits
    public let tokens: Tokens
    public let issuance: Issuance
    public let rulebook: Rulebook
    /// Nil for a log without checkpoints.
    public let log: Log?
    /// How long a request waits for officers.
    public let approvalHours: Int
    /// How long a request that ended is kept after its time is over.
    public let approvalKeepDays: Int
    /// Nil when no audit reports are made.
    public let auditReports: AuditReports?
    /// What all this was read from: SHA-256 in hexadecimal, by the path that named the file.
    public internal(set) var files: [String: String] = [:]

    public struct Log: Sendable {
        /// Its name.
        public let origin: String
        public let witnesses: [Witness]
    }

    /// The witnesses that are asked to cosign checkpoints.
    public struct Witness: Sendable {
        /// Its submission prefix (C2SP tlog-witness).
        public let url: String
        public let key: NoteVerifier
    }

    public struct Naming: Sendable {
        public let partition: String
        public let region: String
        public let account: String

        /// What policies can be about.
        public var authorityARNs: AuthorityARNs {
            AuthorityARNs(partition: partition, region: region, account: account)
        }
    }

    public struct Socket: Sendable {
        public let path: String
        /// Permission bits, such as 0o660.
        public let mode: UInt32
        /// Nil leaves the daemon's own.
        public let uid: UInt32?
        public let gid: UInt32?
    }

    public struct Limits: Sendable {
        /// Connections open at once, those of root and the daemon's user among them.
        public let connections: Int
        /// Of one user that is neither.
        public let connectionsPerUser: Int
        /// Of all peers together that are no principal.
        public let connectionsUnmapped: Int
        /// Kept for root and the daemon's user.
        public let connectionsReserved: Int
        /// Seconds until a head, a body, or the sending of an answer is complete.
        public let idleSeconds: Int
        /// Seconds until a request is answered.
        public let handlingSeconds: Int
    }

    public struct Issuance: Sendable {
        /// Of the house, beside AWS's.
        public internal(set) var templates: [CertificateTemplate] = []
        /// Keys that are never certified.
        public internal(set) var knownWeakKeys = KnownWeakKeys.none
        /// By how much certificates begin before they are issued.
        public internal(set) var backdateSeconds = IssuingAuthority.defaultBackdate
        /// The same for single authorities.
        public internal(set) var backdates: [ARN: Int64] = [:]
        /// How far a request can begin before it is issued, in seconds; nil for an hour beyond the backdate.
        public internal(set) var longestNotBeforeSeconds: Int64?
        /// The same for single authorities.
        public internal(set) var longestNotBefores: [ARN: Int64] = [:]
    }

    public struct AuditReports: Sendable {
        /// Absolute paths of directories, by the bucket's name.
        public let buckets: [String: String]
        /// Between two reports of one authority.
        public let minimumIntervalMinutes: Int
    }

    public struct Tokens: Sendable {
        /// In the order in which they are tried.
        public let entries: [TokenEntry]
        /// Nil for the one beside `signetd`.
        public let workerPath: String?
        /// How often the keys are read back.
        public let readBackSeconds: Int
        /// Nil when keys need no ceremony record.
        public let ceremony: Ceremony?
        /// Whether modules of the daemon's own user are loaded: for development.
        public let allowsOwnModules: Bool
    }

    /// Which ceremony records keys must have.
    public struct Ceremony: Sendable {
        /// Absolute path; transcripts end with `.jsonl`.
        public let recordsDirectory: String
        /// Absolute paths of public keys in PEM; each must have signed every record.
        public let officerKeyPaths: [String]
    }
}
