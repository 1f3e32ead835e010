/// A revocation and its place in the order of all revocations of the store.
public struct PlacedRevocation: Sendable, Hashable {
    /// From 1.
    public var place: Int64
    public var record: RevocationRecord

    public init(place: Int64, record: RevocationRecord) {
        self.place = place
        self.record = record
    }
}

/// What a store has of a serial number of an authority.
public enum CertificateStanding: Sendable, Hashable {
    /// No certificate that was issued or imported, and no revocation.
    case unissued
    case issued
    case revoked(RevocationRecord)
}

/// A store of revocations, and of the facts about signed CRLs. The CRLs themselves are files.
public protocol RevocationStore: ChangeStore {
    /// - Parameter serialNumber: big-endian, without leading zeros
    func revocation(
        serialNumber: [UInt8], of certificateAuthority: String
    ) async throws(StorageError) -> RevocationRecord?

    /// What the store has of some serial numbers of an authority, all at one moment and in their order.
    /// - Parameter serialNumbers: big-endian, without leading zeros
    func standings(
        of serialNumbers: [[UInt8]], by certificateAuthority: String
    ) async throws(StorageError) -> [CertificateStanding]

    /// The revocations of an authority in their order; at most `limit`, after the place `after`.
    func revocations(
        of certificateAuthority: String, after: Int64, limit: Int
    ) async throws(StorageError) -> [PlacedRevocation]

    /// The newest complete CRL of an authority that was signed.
    func certificateList(
        of certificateAuthority: String
    ) async throws(StorageError) -> CertificateListRecord?

    /// The newest signed CRLs of an authority's partitions, by their indices.
    func partitionLists(
        of certificateAuthority: String
    ) async throws(StorageError) -> [CertificateListRecord]

    /// The highest CRL number that was reserved for an authority; 0 for none.
    func reservedListNumber(of certificateAuthority: String) async throws(StorageError) -> Int64

    /// A certificate that an authority signed elsewhere.
    /// - Parameter serialNumber: big-endian, without leading zeros
    func importedCertificate(
        serialNumber: [UInt8], of certificateAuthority: String
    ) async throws(StorageError) -> ImportedCertificateRecord?

    /// The newest CRL of an authority that is not of this daemon.
    func importedList(_ id: String) async throws(StorageError) -> ImportedListRecord?

    /// The newest CRLs of all authorities that are not of this daemon, by their ids.
    func importedLists() async throws(StorageError) -> [ImportedListRecord]

    /// The OCSP responder of an authority; nil until it has one.
    func responder(of certificateAuthority: String) async throws(StorageError) -> ResponderRecord?

    /// The OCSP responders of all authorities, by the ids of the authorities.
    func responders() async throws(StorageError) -> [ResponderRecord]
}
