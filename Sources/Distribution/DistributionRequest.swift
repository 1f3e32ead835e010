internal import Foundation
internal import NIOHTTP1
internal import PKIX

/// What a relying party asks for.
enum DistributionRequest: Sendable {
    case live
    case ready
    case metrics
    /// The CRL of an authority.
    case list(String)
    /// The CRL of a partition of an authority's certificates, by its path.
    case partition(String)
    /// The certificate of an authority.
    case certificate(String)
    /// DER of an OCSP request, not examined.
    case status([UInt8])
    /// An OCSP request that does not decode.
    case malformedStatus
    case notFound
    case methodNotAllowed

    /// Octets of a path with an OCSP request. RFC 5019, section 5, permits 255.
    private static let mostPathOctets = 4096

    /// - Parameter body: of a POST; empty for other methods
    init(_ method: HTTPMethod, uri: String, body: [UInt8]) {
        let path = Self.path(uri)
        switch method {
        case .POST:
            let isStatus = [[], Array("ocsp".utf8), Array("ocsp/".utf8)].contains { path.elementsEqual($0) }
            self = isStatus ? .status(body) : .notFound
        case .GET, .HEAD: self = Self.document(path)
        default: self = .methodNotAllowed
        }
    }

    /// Without the slash at its beginning, the query and the authority of the absolute form (RFC 9112,
    /// section 3.2.2).
    private static func path(_ uri: String) -> ArraySlice<UInt8> {
        var rest = Array(uri.utf8)[...]
        let scheme = Array("http://".utf8)
        if rest.prefix(scheme.count).elementsEqual(scheme) {
            rest = rest.dropFirst(scheme.count).drop { $0 != UInt8(ascii: "/") }
        }
        if rest.first == UInt8(ascii: "/") { rest = rest.dropFirst() }
        return rest.prefix { $0 != UInt8(ascii: "?") }
    }

    private static func document(_ path: ArraySlice<UInt8>) -> Self {
        if path.elementsEqual("health/live".utf8) { return .live }
        if path.elementsEqual("health/ready".utf8) { return .ready }
        if path.elementsEqual("metrics".utf8) { return .metrics }
        if let id = authority(path, in: "crl/", ".crl") { return .list(id) }
        if let file = partition(path) { return .partition(file) }
        if let id = authority(path, in: "ca/", ".cer") { return .certificate(id) }
        var request = path
        let prefix = Array("ocsp/".utf8)
        if request.prefix(prefix.count).elementsEqual(prefix) { request = request.dropFirst(prefix.count) }
        // The base64 of a DER SEQUENCE begins with `M`; some clients put a slash before it.
        request = request.drop { $0 == UInt8(ascii: "/") }
        guard request.first == UInt8(ascii: "M") else { return .notFound }
        guard request.count <= mostPathOctets, let text = decoded(request),
            let octets = Data(base64Encoded: Data(text))
        else { return .malformedStatus }
        return .status(Array(octets))
    }

    /// `crl/<id>/<index>.crl`; the index has at most four digits, and no leading zero.
    private static func partition(_ path: ArraySlice<UInt8>) -> String? {
        let (start, end) = ("crl/", ".crl")
        guard path.starts(with: start.utf8), path.suffix(end.utf8.count).elementsEqual(end.utf8),
            (start.utf8.count + 38 + end.utf8.count...start.utf8.count + 41 + end.utf8.count)
                .contains(path.count)
        else { return nil }
        let name = path.dropFirst(start.utf8.count).dropLast(end.utf8.count)
        let (id, index) = (String(decoding: name.prefix(36), as: UTF8.self), name.dropFirst(37))
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard AuthorityID.isOne(id), name.dropFirst(36).first == UInt8(ascii: "/"),
            index.allSatisfy(digits.contains), index.count == 1 || index.first != UInt8(ascii: "0")
        else { return nil }
        return String(decoding: path, as: UTF8.self)
    }

    private static func authority(
        _ path: ArraySlice<UInt8>, in directory: String, _ end: String
    ) -> String? {
        guard path.starts(with: directory.utf8), path.suffix(end.utf8.count).elementsEqual(end.utf8),
            path.count == directory.utf8.count + 36 + end.utf8.count
        else { return nil }
        let id = String(decoding: path.dropFirst(directory.utf8.count).prefix(36), as: UTF8.self)
        return AuthorityID.isOne(id) ? id : nil
    }

    /// Percent-decoded (RFC 3986, section 2.1); nil for a `%` that is not followed by two digits.
    private static func decoded(_ path: ArraySlice<UInt8>) -> [UInt8]? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(path.count)
        var rest = path
        while let octet = rest.popFirst() {
            guard octet == UInt8(ascii: "%") else {
                decoded.append(octet)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                return nil
            }
            decoded.append(high << 4 | low)
        }
        return decoded
    }

    private static func digit(_ octet: UInt8) -> UInt8? {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): octet - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): octet - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): octet - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
