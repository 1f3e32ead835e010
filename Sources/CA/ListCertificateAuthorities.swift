public import Authorization
internal import Foundation
internal import Storage

public struct ListCertificateAuthorities: Authorizable {
    public static let action = Action.listCertificateAuthorities
    public let resource = "*"
    public static let belongsToRequester = true
    /// How many are wanted; at most 100 come on a page (API reference, MaxResults).
    public let limit: Int
    public let nextToken: String?

    public init(limit: Int?, nextToken: String?) {
        self.limit = min(limit ?? 100, 100)
        self.nextToken = nextToken
    }
}

extension CertificateAuthorities {
    /// A page, in order of creation, and the token of the next one if there is more.
    public func listCertificateAuthorities(
        _ authorized: consuming Authorized<ListCertificateAuthorities>
    ) async throws(CAError) -> (page: [CertificateAuthorityDetails], nextToken: String?) {
        let request = authorized.request
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
        let records: [CertificateAuthorityRecord]
        do {
            // One more than wanted tells whether there is a next page.
            records = try await store.certificateAuthorities(after: after, limit: request.limit + 1)
        } catch { throw .storage(error) }
        var page: [CertificateAuthorityDetails] = []
        for record in records.prefix(request.limit) {
            page.append(
                try CertificateAuthorityDetails(
                    record, arn: naming.certificateAuthority(record.id), at: clock()))
        }
        let hasMore = records.count > request.limit
        return (page, hasMore ? page.last.map { Data($0.record.id.utf8).base64EncodedString() } : nil)
    }
}
