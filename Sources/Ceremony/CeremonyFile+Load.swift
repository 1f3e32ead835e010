internal import Crypto
public import Foundation
internal import Identifiers
internal import Issuance
internal import JSON
internal import PKIX
public import StrictYAML
internal import SwiftASN1
internal import X509
internal import Yams

extension CeremonyFile {
    /// Reads a ceremony file and every file it names. Relative paths start at its own directory.
    /// - Parameter time: the time of the ceremony; nil for a past ceremony, whose dates may have passed
    public static func load(path: String, at time: Date?) throws(StrictYAMLError) -> CeremonyFile {
        try StrictFile.read(path) { node, directory, faults in
            guard let data = FileManager.default.contents(atPath: path) else { return nil }
            return CeremonyFileReader(
                faults: faults, directory: directory, digest: hexadecimal(SHA256.hash(data: data)),
                now: time.map { Int64($0.timeIntervalSince1970) }
            )
            .read(node)
        }
    }
}

/// Turns the YAML of a ceremony into a ceremony, and reports all faults.
struct CeremonyFileReader {
    let faults: FaultList
    let directory: URL
    let digest: String
    /// Seconds since 1970; nil when dates may have passed.
    let now: Int64?
    let inputs = Inputs()

    /// The contents of the files that the ceremony names.
    final class Inputs {
        var digests = JSONObject()
    }

    private static let actions = ["root", "request", "subordinate", "crl", "log-key"]

    func read(_ node: Node) -> CeremonyFile? {
        let top = StrictMapping(
            node, path: "", known: ["title", "policy", "officers", "key", "output"] + Self.actions,
            faults: faults)
        let title = top.text("title")
        let policy = top.has("policy") ? policy(top) : nil
        let officers = officers(top)
        let given = Self.actions.filter(top.has)
        guard given.count == 1 else {
            faults.add("a ceremony has one of \(Self.actions.joined(separator: ", "))", at: node)
            return nil
        }
        let (action, algorithm) = action(given[0], top)
        let makesKey = ["root", "request", "log-key"].contains(given[0])
        let key = key(top, isNew: makesKey)
        guard let output = top.mapping("output", known: ["result", "transcript"]) else { return nil }
        let result = output.text("result").map(absolute)
        let transcript = output.text("transcript").map(absolute)
        if let result, result == transcript {
            output.fault("the two files must not be the same", at: "transcript")
        }
        guard let title, let action, let key, let result, let transcript else { return nil }
        if case .logKey = action, key.algorithm != .ecPrime256v1 {
            top.fault("the key of a log must be EC_prime256v1, which signs its checkpoints", at: "key")
        }
        let signing = algorithm ?? key.algorithm.signingAlgorithms[0]
        if signing.family != key.algorithm.family {
            top.fault(
                "a key of \(key.algorithm.rawValue) does not sign with \(signing.rawValue)", at: given[0])
        }
        return CeremonyFile(
            title: title, digest: digest, inputs: inputs.digests, policy: policy, officers: officers,
            key: key, action: action,
            resultPath: result, transcriptPath: transcript, signingAlgorithm: signing)
    }

    private func policy(_ top: StrictMapping) -> CeremonyFile.Policy? {
        guard let policy = top.mapping("policy", known: ["document", "version", "section"]),
            let document = policy.text("document"), let version = policy.text("version"),
            let section = policy.text("section")
        else { return nil }
        return .init(document: document, version: version, section: section)
    }

    private func officers(_ top: StrictMapping) -> [CeremonyFile.Officer] {
        var officers: [CeremonyFile.Officer] = []
        for (index, node) in top.list("officers").enumerated() {
            let entry = StrictMapping(
                node, path: "officers[\(index)]", known: ["name", "role", "public-key"], faults: faults)
            guard let name = entry.text("name"), let role = entry.text("role") else { continue }
            if officers.contains(where: { $0.name == name }) {
                entry.fault(
                    "the officer `\(name)` is there twice; two confirmations need two people", at: "name")
            }
            var publicKey: SubjectPublicKey?
            if entry.has("public-key"), let path = entry.text("public-key") {
                publicKey = contents(path, entry, "public-key").flatMap {
                    self.publicKey(Array($0), path, entry)
                }
            }
            officers.append(.init(name: name, role: role, publicKey: publicKey))
        }
        return officers
    }

    private func publicKey(
        _ pem: [UInt8], _ path: String, _ entry: StrictMapping
    ) -> SubjectPublicKey? {
        do throws(PublicKeyFault) { return try PEMKey.publicKey(pem: pem) } catch {
            entry.fault("`\(path)` \(error)", at: "public-key")
            return nil
        }
    }

    private func key(_ top: StrictMapping, isNew: Bool) -> CeremonyFile.Key? {
        let known = ["algorithm", "identifier"] + (isNew ? ["label", "destroyable"] : [])
        guard let key = top.mapping("key", known: known) else { return nil }
        let algorithm = key.text("algorithm").flatMap { KeyAlgorithm(rawValue: $0) }
        if key.has("algorithm"), algorithm == nil {
            key.fault(
                "`key.algorithm` must be one of \(KeyAlgorithm.allCases.map(\.rawValue).joined(separator: ", "))",
                at: "algorithm")
        }
        let identifier = key.text("identifier").flatMap(bytes)
        if key.has("identifier"), identifier.map({ !(1...64).contains($0.count) }) ?? true {
            key.fault("`key.identifier` must be 1 to 64 octets in hexadecimal", at: "identifier")
        }
        let label = isNew ? key.text("label") : nil
        guard let algorithm, let identifier, !isNew || label != nil else { return nil }
        return .init(
            algorithm: algorithm, identifier: identifier, label: label,
            isDestroyable: isNew && key.boolean("destroyable", default: false))
    }

    private func action(
        _ name: String, _ top: StrictMapping
    ) -> (CeremonyFile.Action?, SigningAlgorithm?) {
        let members: [String: [String]] = [
            "root": ["subject", "not-before", "not-after", "path-length", "signing-algorithm"],
            "request": ["subject", "signing-algorithm"],
            "subordinate": [
                "request", "issuer", "not-before", "not-after", "path-length", "signing-algorithm",
            ],
            "crl": ["issuer", "number", "this-update", "next-update", "revoked", "signing-algorithm"],
            "log-key": ["origin"],
        ]
        guard let entry = top.mapping(name, known: members[name] ?? []) else { return (nil, nil) }
        var algorithm: SigningAlgorithm?
        if entry.has("signing-algorithm") {
            algorithm = entry.text("signing-algorithm").flatMap { SigningAlgorithm(rawValue: $0) }
            if algorithm == nil {
                entry.fault(
                    "`\(entry.name("signing-algorithm"))` must be one of \(SigningAlgorithm.allCases.map(\.rawValue).joined(separator: ", "))",
                    at: "signing-algorithm")
            }
        }
        let action: CeremonyFile.Action? =
            switch name {
            case "root": root(entry)
            case "request": subject(entry).map { .request(subject: $0) }
            case "subordinate": subordinate(entry)
            case "log-key": logKey(entry)
            default: crl(entry)
            }
        return (action, algorithm)
    }

    private func root(_ entry: StrictMapping) -> CeremonyFile.Action? {
        let pathLength = entry.has("path-length") ? entry.number("path-length", default: 0, in: 0...20) : nil
        guard let subject = subject(entry), let validity = validity(entry) else { return nil }
        return .root(subject: subject, validity: validity, pathLength: pathLength)
    }

    private func subordinate(_ entry: StrictMapping) -> CeremonyFile.Action? {
        let pathLength = entry.number("path-length", default: 0, in: 0...20)
        let issuer = issuer(entry)
        var request: CertificationRequest?
        if let path = entry.text("request"), let pem = contents(path, entry, "request") {
            do throws(CertificationRequestError) {
                let read = try CertificationRequest(pem: Array(pem))
                try read.checkKeyThoroughly()
                request = read
            } catch {
                entry.fault("`\(path)`: \(error)", at: "request")
            }
        }
        if let request {
            let problem =
                request.subjectName.hasNoAttribute
                ? "names nothing" : NameLint.problem(in: request.subject[...])
            if let problem { entry.fault("the subject of the request \(problem)", at: "request") }
        }
        guard let request, let issuer, let validity = validity(entry) else { return nil }
        // RFC 5280, section 4.2.1.9: pathLenConstraint is how many intermediate authorities may follow.
        switch try? issuer.extensions.basicConstraints {
        case .isCertificateAuthority(let limit)? where limit.map({ $0 > pathLength }) ?? true: break
        case .isCertificateAuthority(let limit)?:
            entry.fault(
                "the issuer's path length is \(limit ?? 0), so `path-length` must be smaller",
                at: "path-length")
        default: entry.fault("the issuer's certificate is not an authority's", at: "issuer")
        }
        // RFC 5280, section 6.1: a certificate whose subject is its issuer's name is treated as self-issued,
        // and no chain is built with it.
        if NameComparison.isSame(request.subjectName, issuer.subject) {
            entry.fault(
                "the subject of `\(entry.text("request") ?? "")` is the issuer's own name, `\(issuer.subject)`: an authority needs a name of its own",
                at: "request")
        }
        // No relying party could verify it before the issuer's certificate begins.
        let begin = Int64(issuer.notValidBefore.timeIntervalSince1970)
        if validity.notBefore.secondsSinceEpoch < begin, let time = CivilTime(secondsSinceEpoch: begin) {
            entry.fault("`not-before` is before the issuer's certificate begins, \(time)", at: "not-before")
        }
        let end = Int64(issuer.notValidAfter.timeIntervalSince1970)
        if validity.notAfter.secondsSinceEpoch > end, let time = CivilTime(secondsSinceEpoch: end) {
            entry.fault("`not-after` is after the issuer's certificate ends, \(time)", at: "not-after")
        }
        return .subordinate(request: request, issuer: issuer, validity: validity, pathLength: pathLength)
    }

    func issuer(_ entry: StrictMapping) -> Certificate? {
        guard let path = entry.text("issuer"), let pem = contents(path, entry, "issuer") else { return nil }
        do {
            let block = try PEM.block(Array(pem), labels: PEM.certificate)
            return try CertificateParser.parse(block.contents)
        } catch let fault as PEMFault {
            entry.fault("`\(path)` \(fault)", at: "issuer")
        } catch {
            entry.fault("the certificate in `\(path)` does not parse: \(parseReason(error))", at: "issuer")
        }
        return nil
    }

    private func validity(_ entry: StrictMapping) -> CeremonyFile.Validity? {
        guard let notBefore = time(entry, "not-before"), let notAfter = time(entry, "not-after") else {
            return nil
        }
        guard notBefore.secondsSinceEpoch < notAfter.secondsSinceEpoch else {
            entry.fault("`not-after` must be after `not-before`", at: "not-after")
            return nil
        }
        if let now, notAfter.secondsSinceEpoch <= now {
            entry.fault(
                "the validity ended at \(notAfter), before the ceremony: `not-after` must be in the future",
                at: "not-after")
            return nil
        }
        return .init(notBefore: notBefore, notAfter: notAfter)
    }

    func time(_ entry: StrictMapping, _ key: String) -> CivilTime? {
        guard let text = entry.text(key) else { return nil }
        // ISO 8601, in UTC.
        if let match = text.wholeMatch(
            of: /([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z/),
            let year = Int(match.1), let month = Int(match.2), let day = Int(match.3),
            let hours = Int(match.4),
            let minutes = Int(match.5), let seconds = Int(match.6),
            let time = CivilTime(
                year: year, month: month, day: day, hours: hours, minutes: minutes, seconds: seconds)
        {
            return time
        }
        entry.fault("`\(entry.name(key))` must be a time such as 2026-12-01T00:00:00Z", at: key)
        return nil
    }

    private func contents(_ path: String, _ entry: StrictMapping, _ key: String) -> Data? {
        guard let data = FileManager.default.contents(atPath: absolute(path)) else {
            entry.fault("the file `\(path)` \(Fault.reading(absolute(path)))", at: key)
            return nil
        }
        inputs.digests[path] = .string(hexadecimal(SHA256.hash(data: data)))
        return data
    }

    /// Octets in hexadecimal, with or without colons between them.
    func bytes(_ text: String) -> [UInt8]? {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count > 1 else { return octets(hexadecimal: text) }
        guard parts.allSatisfy({ $0.count == 2 }) else { return nil }
        return octets(hexadecimal: String(decoding: parts.joined(), as: UTF8.self))
    }

    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : directory.appendingPathComponent(path).standardizedFileURL.path
    }
}
