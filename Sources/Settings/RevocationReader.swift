internal import Foundation
internal import StrictYAML
internal import TrustedPaths
internal import Yams

/// Reads where CRLs are published, and how OCSP requests are answered.
struct RevocationReader {
    let faults: FaultList
    let absolute: (String) -> String
    let purpose: DaemonSettings.Purpose

    private static let partitions = 32

    /// - Parameter database: absolute path; nil when it is missing
    func read(_ top: StrictMapping, database: String?) -> DaemonSettings.Revocation {
        let standard = database.map {
            URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("published").path
        }
        guard top.has("revocation"),
            let entry = top.mapping(
                "revocation", known: ["directory", "url", "crl-days", "crl-partitions", "buckets", "ocsp"])
        else {
            return DaemonSettings.Revocation(
                directory: standard ?? "", isStandardDirectory: true, url: nil, listDays: 7,
                partitions: Self.partitions, buckets: [:],
                ocsp: .init())
        }
        var directory = standard ?? ""
        if entry.has("directory"), let given = entry.text("directory").map(absolute) {
            directory = given
            check(given, entry.node("directory"), "the directory `\(given)` of `revocation.directory`")
        }
        return DaemonSettings.Revocation(
            directory: directory, isStandardDirectory: !entry.has("directory"), url: url(entry),
            listDays: entry.number("crl-days", default: 7, in: 1...5000),
            // Each has a file and, at half of its life, a signature.
            partitions: entry.number("crl-partitions", default: Self.partitions, in: 2...1024),
            buckets: buckets(entry),
            ocsp: ocsp(entry))
    }

    private func ocsp(_ entry: StrictMapping) -> DaemonSettings.Revocation.OCSP {
        var ocsp = DaemonSettings.Revocation.OCSP()
        guard entry.has("ocsp"),
            let members = entry.mapping(
                "ocsp", known: ["url", "signer", "answer-minutes", "responder-days", "unissued"])
        else { return ocsp }
        ocsp.url = url(members)
        ocsp.authoritySigns = choice(members, "signer", ["responder", "authority"]) == "authority"
        ocsp.callsUnissuedRevoked = choice(members, "unissued", ["unknown", "revoked"]) == "revoked"
        // RFC 5019, section 2.2.4, wants a nextUpdate, which clients wait for.
        ocsp.answerMinutes = members.number("answer-minutes", default: 60, in: 10...10_080)
        ocsp.responderDays = members.number("responder-days", default: 7, in: 1...30)
        return ocsp
    }

    private func choice(_ entry: StrictMapping, _ key: String, _ values: [String]) -> String? {
        guard entry.has(key), let text = entry.text(key) else { return nil }
        guard let value = values.first(where: { $0.utf8.elementsEqual(text.utf8) }) else {
            entry.fault(
                "`\(entry.name(key))` must be \(values.map { "`\($0)`" }.joined(separator: " or "))", at: key)
            return nil
        }
        return value
    }

    private func check(_ path: String, _ node: Node?, _ name: String) {
        guard purpose == .serving, let node, let fault = AuditReportReader.fault(path) else { return }
        faults.add("\(name) \(fault)", at: node)
    }

    private func buckets(_ entry: StrictMapping) -> [String: DaemonSettings.Revocation.Bucket] {
        guard entry.has("buckets") else { return [:] }
        guard let members = entry.node("buckets")?.mapping else {
            entry.fault("`revocation.buckets` must be a mapping of names", at: "buckets")
            return [:]
        }
        var buckets: [String: DaemonSettings.Revocation.Bucket] = [:]
        for (key, value) in members {
            let name = key.string ?? ""
            guard AuditReportReader.isBucketName(name) else {
                faults.add(
                    "`\(name)` is not the name of a bucket: 3 to 63 lower-case letters, digits, `.` and `-`",
                    at: key)
                continue
            }
            let bucket = StrictMapping(
                value, path: "revocation.buckets.\(name)", known: ["directory", "url"], faults: faults)
            guard let directory = bucket.text("directory").map(absolute), let url = url(bucket) else {
                if !bucket.has("url") { _ = bucket.text("url") }
                continue
            }
            check(directory, bucket.node("directory"), "the directory `\(directory)` of the bucket `\(name)`")
            buckets[name] = DaemonSettings.Revocation.Bucket(directory: directory, url: url)
        }
        return buckets
    }

    /// Without a slash at the end; nil without one. RFC 5280, section 4.2.1.13, and the CA/Browser Forum's
    /// rules: `http`, because a relying party that checks the server's certificate would need its CRL first.
    private func url(_ entry: StrictMapping) -> String? {
        guard entry.has("url"), let text = entry.text("url") else { return nil }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), let url = URL(string: text),
            url.scheme == "http", url.host()?.isEmpty == false, url.query == nil, url.fragment == nil
        else {
            entry.fault(
                "`\(entry.name("url"))` must be an http URL such as `http://crl.example.com`", at: "url")
            return nil
        }
        return text.utf8.last == UInt8(ascii: "/") ? String(text.dropLast()) : text
    }
}
