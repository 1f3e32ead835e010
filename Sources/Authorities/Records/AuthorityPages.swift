internal import Authorization
internal import Foundation
internal import RecordKeeping
internal import Storage

/// Lists of authorities in pages.
struct AuthorityPages: Sendable {
    let store: any AuthorityStore
    let resources: ResourceLookup
    let naming: ARNNaming
    let clock: Clock

    struct Entry: Sendable {
        let details: CertificateAuthorityDetails
        let facts: ResourceFacts
    }

    /// A page in order of creation, and the token of the next page if there is one.
    /// - Parameters:
    ///   - limit: the maximum number of entries
    ///   - isShown: whether the caller may see an authority
    func page(
        after nextToken: String?, limit: Int, isShown: @Sendable (ARN, ResourceFacts) -> Bool
    ) async throws(CAError) -> (entries: [Entry], nextToken: String?) {
        var after = try await lastID(nextToken)
        var page: [Entry] = []
        var lastOnPage: String?
        // One more than wanted, to know whether there is a next page.
        while page.count <= limit {
            let records: [CertificateAuthorityRecord]
            do { records = try await store.certificateAuthorities(after: after, limit: limit + 1) } catch {
                throw .storage(error)
            }
            if records.isEmpty { return (page, nil) }
            for record in records where page.count <= limit {
                after = record.id
                let arn = naming.certificateAuthority(record.id)
                let facts = try resources.facts(of: record)
                guard isShown(arn, facts) else { continue }
                let details = try CertificateAuthorityDetails(record, arn: arn, at: clock.now())
                page.append(Entry(details: details, facts: facts))
                if page.count == limit { lastOnPage = record.id }
            }
        }
        page.removeLast()
        return (page, lastOnPage.map { Data($0.utf8).base64EncodedString() })
    }

    /// The id of the last authority on the page before; nil for the first page.
    private func lastID(_ nextToken: String?) async throws(CAError) -> String? {
        guard let nextToken else { return nil }
        guard let data = Data(base64Encoded: nextToken),
            let id = UUID(uuidString: String(decoding: data, as: UTF8.self))
        else { throw .invalidNextToken }
        let last = id.uuidString.lowercased()
        do {
            guard try await store.certificateAuthority(last) != nil else { throw CAError.invalidNextToken }
        } catch let error as CAError { throw error } catch { throw .invalidNextToken }
        return last
    }
}
