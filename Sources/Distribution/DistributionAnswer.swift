internal import HTTPConnections
internal import NIOCore
internal import NIOHTTP1
internal import PKIX

/// An answer to a relying party.
struct DistributionAnswer: Sendable {
    var status: HTTPResponseStatus
    var fields: [(String, String)]
    var body: ByteBuffer

    /// A text for people.
    static func text(_ status: HTTPResponseStatus, _ text: String) -> Self {
        Self(
            status: status,
            fields: [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")],
            body: ByteBuffer(string: text))
    }

    /// An OCSP response that no other request may get.
    static func status(_ octets: [UInt8]) -> Self {
        Self(
            status: .ok,
            fields: [("Content-Type", "application/ocsp-response"), ("Cache-Control", "no-store")],
            body: ByteBuffer(bytes: octets))
    }

    static func status(_ failure: OCSPResponse.Failure) -> Self { status(OCSPResponse.encoded(failure)) }

    /// An OCSP response that caches may keep (RFC 5019, section 6.2).
    static func status(_ response: CachedResponse, at now: Int64) -> Self {
        document(
            ByteBuffer(bytes: response.octets), "application/ocsp-response", tag: response.digest,
            since: response.thisUpdate, until: response.nextUpdate.secondsSinceEpoch, at: now)
    }

    /// Seconds that caches of HTTP may keep a document. A relying party behind one learns of a revocation
    /// that much later.
    private static let longestCaching: Int64 = 300

    /// - Parameters:
    ///   - since: when it began to be valid
    ///   - until: when it ends, in seconds since 1970
    static func document(
        _ body: ByteBuffer, _ type: String, tag: String, since: CivilTime?, until: Int64, at now: Int64
    ) -> Self {
        let age = max(0, min(until - now, longestCaching))
        var fields = [
            ("Content-Type", type), ("ETag", "\"\(tag)\""),
            ("Cache-Control", "max-age=\(age), public, no-transform, must-revalidate"),
        ]
        if let expires = CivilTime(secondsSinceEpoch: now + age) {
            fields.append(("Expires", DateHeader.text(expires)))
        }
        if let since { fields.append(("Last-Modified", DateHeader.text(since))) }
        return Self(status: .ok, fields: fields, body: body)
    }

    /// The answer for a client that has it already (RFC 9110, section 13.1.2).
    func unless(has tags: [String]) -> Self {
        guard status == .ok, let tag = fields.first(where: { $0.0 == "ETag" })?.1,
            tags.contains(where: { Self.list($0, has: tag) })
        else { return self }
        return Self(
            status: .notModified, fields: fields.filter { $0.0 != "Content-Type" }, body: ByteBuffer())
    }

    private static func list(_ field: String, has tag: String) -> Bool {
        field.utf8.split(separator: UInt8(ascii: ",")).contains { part in
            var text = part.drop { $0 == UInt8(ascii: " ") }
            while text.last == UInt8(ascii: " ") { text = text.dropLast() }
            if text.starts(with: "W/".utf8) { text = text.dropFirst(2) }
            return text.elementsEqual(tag.utf8) || text.elementsEqual("*".utf8)
        }
    }
}
