public import Authorization
public import Issuance
public import PKIX
public import TokenSettings
public import TransparencyLog

/// The operator's configuration, after all checks that need no token.
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
    /// How long an ended request is kept after its expiry time.
    public let approvalKeepDays: Int
    /// Nil when no buckets are configured.
    public let auditReports: AuditReports?
    public let revocation: Revocation
    /// The files that were read: SHA-256 in hexadecimal, by the path that named the file.
    public internal(set) var files: [String: String] = [:]

    /// Where CRLs are published.
    public struct Revocation: Sendable {
        public struct Bucket: Sendable {
            /// Absolute path.
            public let directory: String
            /// Without a slash at its end.
            public let url: String
        }

        /// Absolute path.
        public let directory: String
        /// Whether it is the one beside the database, which the daemon makes.
        public let isStandardDirectory: Bool
        /// The URL under which relying parties read the directory, without a slash at its end; nil for none.
        public let url: String?
        /// How long a CRL is valid, unless the authority's configuration says it.
        public let listDays: Int
        /// Into how many partitions a CRL is divided where its CrlType is PARTITIONED.
        public let partitions: Int
        public let buckets: [String: Bucket]
        public let ocsp: OCSP

        /// How OCSP requests are answered.
        public struct OCSP: Sendable {
            /// The URL of the responder, without a slash at its end; nil for none.
            public var url: String?
            /// Whether the authority's own key signs, and not that of a responder.
            public var authoritySigns = false
            /// How long a response is valid.
            public var answerMinutes = 60
            /// How long the certificate of a responder is valid.
            public var responderDays = 7
            /// Whether certificates that were never issued are called revoked.
            public var callsUnissuedRevoked = false
        }
    }

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

        /// The possible resources of policies.
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
        /// Connections open at once, including those of root and the daemon's user.
        public let connections: Int
        /// For each other user.
        public let connectionsPerUser: Int
        /// For all peers without a principal together.
        public let connectionsUnmapped: Int
        /// Reserved for root and the daemon's user.
        public let connectionsReserved: Int
        /// Seconds until a head, a body, or the sending of an answer is complete.
        public let idleSeconds: Int
        /// Seconds until a request is answered.
        public let handlingSeconds: Int
    }

    public struct Issuance: Sendable {
        /// Custom templates, in addition to AWS's.
        public internal(set) var templates: [CertificateTemplate] = []
        /// Keys that are never certified.
        public internal(set) var knownWeakKeys = KnownWeakKeys.none
        /// By how much certificates begin before they are issued.
        public internal(set) var backdateSeconds = IssuingAuthority.defaultBackdate
        /// The same for single authorities.
        public internal(set) var backdates: [ARN: Int64] = [:]
        /// How far ValidityNotBefore can precede issuance, in seconds; nil for an hour beyond the backdate.
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
        /// Whether modules of the daemon's own user are loaded; for development only.
        public let allowsOwnModules: Bool
    }

    /// The ceremony records that keys must have.
    public struct Ceremony: Sendable {
        /// Absolute path; transcripts end with `.jsonl`.
        public let recordsDirectory: String
        /// Absolute paths of public keys in PEM; each must have signed every record.
        public let officerKeyPaths: [String]
    }
}
