public import Audit
public import Authorization
internal import Foundation
public import RecordKeeping
internal import Storage

/// Lists authorities.
public struct ListCertificateAuthorities: Sendable {
    let store: any AuthorityStore
    let resources: ResourceLookup
    let recorder: Recorder
    let naming: ARNNaming
    let clock: Clock

    public struct Request: Authorizable {
        public static let action = Action.listCertificateAuthorities
        public let resource = "*"
        public static let belongsToRequester = true
        /// The wanted number; a page has at most 100 (API reference, MaxResults).
        public let limit: Int
        public let nextToken: String?

        public init(limit: Int?, nextToken: String?) {
            self.limit = min(limit ?? 100, 100)
            self.nextToken = nextToken
        }
    }

    /// A page in order of creation, and the token of the next page if there is one.
    /// - Parameter isShown: whether the caller may see an authority
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall,
        isShown: @Sendable (ARN, ResourceFacts) -> Bool
    ) async throws(CAError) -> Audited<(page: [CertificateAuthorityDetails], nextToken: String?)> {
        try await recorder.answer(authorized, for: call) { (request) throws(CAError) in
            try await page(for: request, isShown: isShown)
        }
    }

    private func page(
        for request: Request, isShown: @Sendable (ARN, ResourceFacts) -> Bool
    ) async throws(CAError) -> (page: [CertificateAuthorityDetails], nextToken: String?) {
        var after: String?
        if let token = request.nextToken {
            guard let data = Data(base64Encoded: token),
                let id = UUID(uuidString: String(decoding: data, as: UTF8.self))
            else { throw .invalidNextToken }
            let last = id.uuidString.lowercased()
            do {
                guard try await store.certificateAuthority(last) != nil else {
                    throw CAError.invalidNextToken
                }
            } catch let error as CAError { throw error } catch { throw .invalidNextToken }
            after = last
        }
        var page: [CertificateAuthorityDetails] = []
        var lastOnPage: String?
        // One more than wanted, to know whether there is a next page.
        while page.count <= request.limit {
            let records: [CertificateAuthorityRecord]
            do {
                records = try await store.certificateAuthorities(after: after, limit: request.limit + 1)
            } catch {
                throw .storage(error)
            }
            if records.isEmpty { return (page, nil) }
            for record in records where page.count <= request.limit {
                after = record.id
                let arn = naming.certificateAuthority(record.id)
                guard isShown(arn, try resources.facts(of: record)) else { continue }
                page.append(try CertificateAuthorityDetails(record, arn: arn, at: clock.now()))
                if page.count == request.limit { lastOnPage = record.id }
            }
        }
        page.removeLast()
        return (page, lastOnPage.map { Data($0.utf8).base64EncodedString() })
    }
}
