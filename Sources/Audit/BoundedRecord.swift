internal import Crypto
internal import Foundation
internal import Identifiers
internal import JSON
internal import PKIX

/// Shortens a record to the maximum length of an event: it replaces the longest members by their size and
/// digest, as CloudTrail omits members that are too large.
enum BoundedRecord {
    /// Members that are never replaced: they are always short, and searches use them.
    private static let kept: Set<String> = [
        "awsRegion", "errorCode", "eventCategory", "eventID", "eventName", "eventSource", "eventTime",
        "eventType", "eventVersion", "recipientAccountId", "requestID", "sourceIPAddress", "userIdentity",
    ]

    /// The same members one level down, in `additionalEventData` and `serviceEventDetails`.
    private static let keptWithin: Set<String> = [
        "approvalRequestID", "id", "intentID", "keyIdentifier", "policyDigest", "requestID", "serialNumber",
        "sha256", "status",
    ]

    /// - Parameter whole: a record as JSON
    /// - Returns: at most `most` octets, which are 4,096 at least
    static func body(of whole: Data, atMost most: Int) -> Data {
        // A record nested too deeply for the parser is replaced as a whole; no operation accepts such
        // members.
        guard case .object(var record)? = try? JSONValue(parsing: whole) else {
            return summary(octets: whole).encoded()
        }
        // First it replaces single inner members, the longest first, to keep as much information as possible.
        while record.encodedCount > most, let (outer, inner) = longestInner(record) {
            guard case .object(var members)? = record[outer] else { break }
            members[inner] = members[inner].map(summary)
            record[outer] = .object(members)
        }
        // Then it replaces whole members. The rest is a fixed number of members of bounded length.
        while record.encodedCount > most, let name = longest(record) {
            record[name] = record[name].map(summary)
        }
        return JSONValue.object(record).encoded()
    }

    /// Shorter than any member that is replaced by it.
    private static let summaryOctets = 128

    private static func longest(_ record: JSONObject) -> String? {
        var longest: (name: String, count: Int)?
        for (name, value) in record where !kept.contains(name) {
            let count = value.encoded().count
            if count > summaryOctets, count > longest?.count ?? 0 { longest = (name, count) }
        }
        return longest?.name
    }

    private static func longestInner(_ record: JSONObject) -> (String, String)? {
        var longest: (outer: String, inner: String, count: Int)?
        for (outer, value) in record where !kept.contains(outer) {
            guard case .object(let members) = value, !isSummary(members) else { continue }
            for (inner, value) in members where !keptWithin.contains(inner) {
                let count = value.encoded().count
                if count > summaryOctets, count > longest?.count ?? 0 { longest = (outer, inner, count) }
            }
        }
        return longest.map { ($0.outer, $0.inner) }
    }

    private static func isSummary(_ members: JSONObject) -> Bool { members["omitted"] == true }

    private static func summary(of value: JSONValue) -> JSONValue {
        summary(octets: value.encoded())
    }

    private static func summary(octets: Data) -> JSONValue {
        [
            "bytes": .integer(Int64(octets.count)), "omitted": true,
            "sha256": .string(hexadecimal(SHA256.hash(data: octets))),
        ]
    }
}

extension JSONObject {
    fileprivate var encodedCount: Int { JSONValue.object(self).encoded().count }
}
