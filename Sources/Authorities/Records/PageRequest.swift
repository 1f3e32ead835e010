internal import Foundation
internal import RecordKeeping

/// A request for a page of a sorted list.
public struct PageRequest: Sendable {
    /// The maximum length of a page (API reference, MaxResults).
    private static let limit = 100

    let count: Int
    let nextToken: String?

    public init(limit: Int?, nextToken: String?) {
        count = min(limit ?? Self.limit, Self.limit)
        self.nextToken = nextToken
    }

    /// The names after the token's name in the sorted `names`, and the token of the next page.
    func page(of names: [String]) throws(CAError) -> (names: [String], nextToken: String?) {
        var rest = names[...]
        if let nextToken {
            guard let data = Data(base64Encoded: nextToken), let last = String(data: data, encoding: .utf8)
            else {
                throw .invalidNextToken
            }
            rest = rest.drop { $0 <= last }
        }
        let page = Array(rest.prefix(count))
        let hasMore = page.count < rest.count
        return (page, hasMore ? page.last.map { Data($0.utf8).base64EncodedString() } : nil)
    }
}
