public import Approvals
public import RecordKeeping
public import Signing

/// The use cases of authorities, their certificates, policies and tags, and of tokens. Keys come through
/// `KeyCustody`; the target links no token code.
public final class AuthorityUseCases: Sendable {
    public let resources: ResourceLookup
    public let authorities: AuthorityLookup
    public let certificates: CertificateLookup

    // MARK: Authorities

    public let createCertificateAuthority: CreateCertificateAuthority
    public let describeCertificateAuthority: DescribeCertificateAuthority
    public let listCertificateAuthorities: ListCertificateAuthorities
    public let describeCaller: DescribeCaller
    public let getCertificateAuthorityCsr: GetCertificateAuthorityCsr
    public let getCertificateAuthorityCertificate: GetCertificateAuthorityCertificate
    public let importCertificateAuthorityCertificate: ImportCertificateAuthorityCertificate
    public let adoptCertificateAuthority: AdoptCertificateAuthority
    public let interruptedCreations: InterruptedCreations

    // MARK: Certificates

    public let issueCertificate: IssueCertificate
    public let requestCertificateApproval: RequestCertificateApproval
    public let getCertificate: GetCertificate
    public let listTemplates: ListTemplates

    // MARK: Revocation

    /// The authorities that need a new CRL at once.
    public let dueLists: DueAuthorities
    /// The authorities whose OCSP responder must be looked at.
    public let dueResponders: DueAuthorities
    public let revokeCertificate: RevokeCertificate
    public let revokeHeldCertificate: RevokeHeldCertificate
    public let importIssuedCertificate: ImportIssuedCertificate
    public let updateCertificateAuthority: UpdateCertificateAuthority

    // MARK: Policies, permissions, tags

    public let putPolicy: PutPolicy
    public let getPolicy: GetPolicy
    public let deletePolicy: DeletePolicy
    public let createPermission: CreatePermission
    public let deletePermission: DeletePermission
    public let listPermissions: ListPermissions
    public let tagCertificateAuthority: TagCertificateAuthority
    public let untagCertificateAuthority: UntagCertificateAuthority
    public let listTags: ListTags

    // MARK: Tokens

    public let listTokens: ListTokens
    public let changeTokenService: ChangeTokenService

    /// - Parameter custody: must refuse every key while the log cannot be trusted
    public init(
        _ context: CAContext, custody: any KeyCustody, inventory: any TokenInventory,
        issuance: IssuanceSettings, revocation: RevocationSettings, approvals: ApprovalUseCases
    ) {
        let (store, recorder, cycle) = (context.store, context.recorder, context.cycle)
        let (naming, clock, logger) = (context.naming, context.clock, context.logger)
        let randomBytes = context.randomBytes

        let authorities = AuthorityLookup(store: store, naming: naming)
        let certificates = CertificateLookup(store: store, authorities: authorities, naming: naming)
        let resources = ResourceLookup(authorities: authorities, naming: naming)
        let changes = AuthorityChanges(authorities: authorities, recorder: recorder)
        let claims = ClaimLookup(store: store)
        let issuers = IssuerLookup(naming: naming, settings: issuance, revocation: revocation)
        let (dueLists, dueResponders) = (DueAuthorities(), DueAuthorities())
        let keyOwners = KeyOwners(store: store, keysInUse: context.keysInUse, naming: naming)
        let pages = AuthorityPages(store: store, resources: resources, naming: naming, clock: clock)
        let creation = AuthorityCreation(
            custody: custody, cycle: cycle, recorder: recorder, naming: naming, clock: clock, logger: logger)

        self.resources = resources
        self.authorities = authorities
        self.certificates = certificates

        createCertificateAuthority = CreateCertificateAuthority(
            custody: custody, creation: creation, claims: claims, authorities: authorities,
            recorder: recorder, naming: naming, revocation: revocation, clock: clock,
            randomBytes: randomBytes)
        describeCertificateAuthority = DescribeCertificateAuthority(
            authorities: authorities, recorder: recorder, clock: clock)
        listCertificateAuthorities = ListCertificateAuthorities(pages: pages, recorder: recorder)
        describeCaller = DescribeCaller(
            pages: pages, catalog: issuance.catalog, recorder: recorder, naming: naming, clock: clock)
        getCertificateAuthorityCsr = GetCertificateAuthorityCsr(authorities: authorities, recorder: recorder)
        getCertificateAuthorityCertificate = GetCertificateAuthorityCertificate(
            authorities: authorities, recorder: recorder)
        importCertificateAuthorityCertificate = ImportCertificateAuthorityCertificate(
            authorities: authorities, recorder: recorder, clock: clock, dueLists: dueLists,
            dueResponders: dueResponders, logger: logger)
        adoptCertificateAuthority = AdoptCertificateAuthority(
            store: store, custody: custody, creation: creation, keysInUse: context.keysInUse,
            recorder: recorder, naming: naming, clock: clock, dueLists: dueLists,
            dueResponders: dueResponders, logger: logger)
        interruptedCreations = InterruptedCreations(
            store: store, creation: creation, recorder: recorder, naming: naming, clock: clock,
            logger: logger)

        issueCertificate = IssueCertificate(
            store: store, custody: custody, cycle: cycle, authorities: authorities, issuers: issuers,
            keyOwners: keyOwners, claims: claims, recorder: recorder, naming: naming, clock: clock,
            randomBytes: randomBytes)
        requestCertificateApproval = RequestCertificateApproval(
            store: store, authorities: authorities, issuers: issuers, keyOwners: keyOwners, claims: claims,
            recorder: recorder, naming: naming, clock: clock, randomBytes: randomBytes,
            lifetime: approvals.times.lifetime)
        getCertificate = GetCertificate(
            store: store, authorities: authorities, certificates: certificates, approvals: approvals.lookup,
            recorder: recorder)
        listTemplates = ListTemplates(catalog: issuance.catalog, recorder: recorder)

        self.dueLists = dueLists
        self.dueResponders = dueResponders
        let revocable = RevocableCertificates(
            store: store, authorities: authorities, naming: naming, clock: clock)
        revokeCertificate = RevokeCertificate(
            certificates: revocable, recorder: recorder, dueLists: dueLists)
        revokeHeldCertificate = RevokeHeldCertificate(
            certificates: revocable, recorder: recorder, dueLists: dueLists)
        importIssuedCertificate = ImportIssuedCertificate(
            store: store, authorities: authorities, recorder: recorder, naming: naming, clock: clock)
        updateCertificateAuthority = UpdateCertificateAuthority(
            authorities: authorities, recorder: recorder, settings: revocation, clock: clock,
            dueLists: dueLists, dueResponders: dueResponders)

        putPolicy = PutPolicy(changes: changes)
        getPolicy = GetPolicy(authorities: authorities, recorder: recorder)
        deletePolicy = DeletePolicy(changes: changes)
        createPermission = CreatePermission(changes: changes, naming: naming, clock: clock)
        deletePermission = DeletePermission(changes: changes)
        listPermissions = ListPermissions(authorities: authorities, recorder: recorder)
        tagCertificateAuthority = TagCertificateAuthority(changes: changes)
        untagCertificateAuthority = UntagCertificateAuthority(changes: changes)
        listTags = ListTags(authorities: authorities, recorder: recorder)

        listTokens = ListTokens(inventory: inventory, recorder: recorder)
        changeTokenService = ChangeTokenService(inventory: inventory, recorder: recorder)
    }
}
