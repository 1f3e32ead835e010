/// The events of the daemon itself, by their name in the log. Events of requests have the names of their
/// operations.
public enum ServiceEvent: String, Sendable, CaseIterable {
    /// The daemon started: its version, and the digests of its configuration and policies.
    case daemonStarted = "DaemonStarted"
    /// The daemon stopped in an orderly way.
    case daemonStopped = "DaemonStopped"
    /// Policies were reloaded: the digests before and after.
    case policyReloaded = "PolicyReloaded"
    /// A reload failed, and the policies stay as they were.
    case policyReloadFailed = "PolicyReloadFailed"
    /// A token will be asked for a signature: the data and the key.
    case signatureIntent = "SignatureIntent"
    /// The outcome of an intent for a CSR, or of an interrupted intent: `SIGNED`, `FAILED` or `UNRESOLVED`.
    case signatureOutcome = "SignatureOutcome"
    /// A certificate was signed: its TBSCertificate, its digest and its requester.
    case issueCertificateDetails = "IssueCertificateDetails"
    /// A token made the key pair of an authority.
    case generateKeyPair = "GenerateKeyPair"
    /// The outcome of an authority whose creation was interrupted.
    case createCertificateAuthorityOutcome = "CreateCertificateAuthorityOutcome"
    /// A request waits for officers.
    case approvalRequested = "ApprovalRequested"
    /// The outcome of a request that officers approved.
    case approvalOutcome = "ApprovalOutcome"
    /// A request that waited for officers expired.
    case approvalExpired = "ApprovalExpired"
    /// A CRL was signed: its number, its validity and the number of its entries.
    case generateCRL = "GenerateCRL"
    /// A CRL could not be made or published; the previous one stays.
    case crlNotPublished = "CRLNotPublished"
    /// A token made the key of an authority's OCSP responder.
    case responderKeyGenerated = "ResponderKeyGenerated"
    /// An OCSP responder has no key or no new certificate, although one is due.
    case responderNotRenewed = "ResponderNotRenewed"
    /// An imported CRL is past half of its life, and no newer one was imported.
    case importedCRLEnding = "ImportedCRLEnding"
    /// The published CRL of an authority is gone. After the restore of an older database revocations are
    /// missing.
    case publishedCRLMissing = "PublishedCRLMissing"
    /// A published CRL has a revocation that the database lacked, as after a restore.
    case revocationRestored = "RevocationRestored"
    /// An audit report was made, or could not be.
    case auditReportOutcome = "AuditReportOutcome"
    /// A token made the key that signs the checkpoints of the log.
    case logKeyGenerated = "LogKeyGenerated"
    /// The key that a ceremony made for the log signs its checkpoints from now on.
    case logKeyAdopted = "LogKeyAdopted"
    /// The newest checkpoint in the database and the tree differ at start.
    case logDiffers = "LogDiffers"
    /// A token has private keys that have no record in the database.
    case keysWithoutRecord = "KeysWithoutRecord"
    /// The log could not be written for some time: from when, and the number of missing calls.
    case recordInterrupted = "RecordInterrupted"
    /// A witness no longer cosigns checkpoints.
    case witnessFailed = "WitnessFailed"
    /// A witness cosigns again.
    case witnessCosigns = "WitnessCosigns"
    /// A token is in service: the facts it reports about itself, the source of its PIN, and the digest of its
    /// module.
    case tokenOpened = "TokenOpened"
    /// Calls to a token are traced by another module.
    case tokenTraced = "TokenTraced"
    /// A token could not be opened.
    case tokenNotOpened = "TokenNotOpened"
    /// The worker of a token ended and was replaced.
    case tokenWorkerReplaced = "TokenWorkerReplaced"
    /// A token is not used until an operator acts.
    case tokenRefused = "TokenRefused"
    /// A key did not prove itself and is not used.
    case keyNotUsed = "KeyNotUsed"
    /// A token was taken out of service.
    case tokenDrained = "TokenDrained"
    /// A token was put back into service.
    case tokenResumed = "TokenResumed"
}
