internal import Foundation
public import StrictYAML
public import TokenProtocol
internal import Yams

/// A vendor profile, as in `HSMConfig/profiles/`: the peculiarities of one vendor's tokens, and its tests.
public struct ProfileFile: Sendable {
    public let profile: TokenProfile
    /// The tokens that the profile was tested with, in words; `no` for none.
    public let tested: String
    /// The best number of sessions; nil when the profile has none.
    public let sessions: Int?

    public static func load(path: String) throws(StrictYAMLError) -> ProfileFile {
        try StrictFile.read(path) { node, _, faults in read(node, faults) }
    }

    /// Like ``load(path:)``, for bytes that were already read.
    static func parse(_ data: Data, named path: String) throws(StrictYAMLError) -> ProfileFile {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent()
        return try StrictFile.parse(data, named: path, directory: directory) { node, _, faults in
            read(node, faults)
        }
    }

    private static func read(_ node: Node, _ faults: FaultList) -> ProfileFile? {
        let top = StrictMapping(
            node, path: "",
            known: [
                "name", "tested", "sessions", "template", "read-back", "return-values", "keep-alive",
                "rsa-key-generation", "ed25519-parameters", "initialize-parameters", "network",
                "unix-sockets", "paths", "versions",
            ], faults: faults)
        guard let name = top.text("name"), let tested = top.text("tested") else { return nil }
        var profile = TokenProfile(name: name)
        profile.omittedFromTemplates = omitted(top, faults)
        (profile.mayBeUnavailable, profile.adjusted) = readBack(top, faults)
        profile.returnValues = returnValues(top, faults)
        profile.versions = versions(top, faults)
        if top.has("keep-alive"), let keepAlive = top.mapping("keep-alive", known: ["call", "seconds"]) {
            let seconds = UInt16(keepAlive.number("seconds", default: 60, in: 1...3600))
            switch keepAlive.text("call") {
            case "session-info": profile.keepAlive = .sessionInfo(seconds)
            case "random": profile.keepAlive = .random(seconds)
            default: keepAlive.fault("`keep-alive.call` must be `session-info` or `random`", at: "call")
            }
        }
        switch top.text("rsa-key-generation", default: "CKM_RSA_PKCS_KEY_PAIR_GEN") {
        case "CKM_RSA_PKCS_KEY_PAIR_GEN": profile.rsaKeyGeneration = .pkcs
        case "CKM_RSA_X9_31_KEY_PAIR_GEN": profile.rsaKeyGeneration = .x931
        default:
            top.fault(
                "`rsa-key-generation` must be CKM_RSA_PKCS_KEY_PAIR_GEN or CKM_RSA_X9_31_KEY_PAIR_GEN",
                at: "rsa-key-generation")
        }
        switch top.text("ed25519-parameters", default: "object-identifier") {
        case "object-identifier": profile.edwardsParameters = .objectIdentifier
        case "printable-string": profile.edwardsParameters = .printableString
        default:
            top.fault(
                "`ed25519-parameters` must be `object-identifier` or `printable-string`",
                at: "ed25519-parameters")
        }
        if top.has("initialize-parameters") {
            profile.initializeParameters = top.text("initialize-parameters")
        }
        if top.boolean("network", default: false) { profile.sockets.insert(.internet) }
        if top.boolean("unix-sockets", default: false) { profile.sockets.insert(.unix) }
        if top.has("paths") {
            profile.paths = top.list("paths").compactMap { node in
                guard let path = node.scalar?.string, path.utf8.first == UInt8(ascii: "/") else {
                    faults.add("`paths` must hold absolute paths", at: node)
                    return nil
                }
                return path
            }
        }
        let sessions = top.has("sessions") ? top.number("sessions", default: 2, in: 1...64) : nil
        return ProfileFile(profile: profile, tested: tested, sessions: sessions)
    }

    /// A key generated without these attributes would not be a signing key by the strict template, regardless
    /// of the values read back.
    private static let droppable = TokenProfile.waivable.union([
        "CKA_WRAP_WITH_TRUSTED", "CKA_DESTROYABLE", "CKA_VERIFY_RECOVER", "CKA_ENCRYPT", "CKA_WRAP",
        "CKA_VERIFY",
        "CKA_PRIVATE", "CKA_DECRYPT",
    ])

    private static func omitted(_ mapping: StrictMapping, _ faults: FaultList) -> Set<String> {
        guard mapping.has("template"), let template = mapping.mapping("template", known: ["omit"]) else {
            return []
        }
        return attributes(template, "omit", of: droppable, faults)
    }

    private static func readBack(
        _ mapping: StrictMapping, _ faults: FaultList
    ) -> (mayBeUnavailable: Set<String>, adjusted: [String: Bool]) {
        guard mapping.has("read-back"),
            let readBack = mapping.mapping("read-back", known: ["may-be-unavailable", "shows"])
        else { return ([], [:]) }
        return (
            attributes(readBack, "may-be-unavailable", of: TokenProfile.waivable, faults),
            adjusted(readBack, faults)
        )
    }

    private static func versions(_ top: StrictMapping, _ faults: FaultList) -> [VersionProfile] {
        guard top.has("versions") else { return [] }
        var versions: [VersionProfile] = []
        for (index, node) in top.list("versions").enumerated() {
            let entry = StrictMapping(
                node, path: "versions[\(index)]",
                known: ["from", "below", "template", "read-back", "return-values"], faults: faults)
            guard entry.has("from") || entry.has("below") else {
                entry.fault("`\(entry.path)` must have `from`, `below` or both", at: "from")
                continue
            }
            var version = VersionProfile(from: bound(entry, "from"), below: bound(entry, "below"))
            if let from = version.from, let below = version.below, from >= below {
                entry.fault("`\(entry.name("below"))` must be above `from`", at: "below")
            }
            // A key replaces the top-level one; an empty mapping removes it.
            if entry.has("template") { version.omittedFromTemplates = omitted(entry, faults) }
            if entry.has("read-back") {
                (version.mayBeUnavailable, version.adjusted) = readBack(entry, faults)
            }
            if entry.has("return-values") { version.returnValues = returnValues(entry, faults) }
            if versions.contains(where: { $0.overlaps(version) }) {
                entry.fault("`\(entry.path)` holds versions that an entry before it holds", at: "from")
            }
            versions.append(version)
        }
        // A frame has one octet for their number.
        if versions.count > 64 { top.fault("`versions` has more than 64 entries", at: "versions") }
        return versions
    }

    private static func bound(_ entry: StrictMapping, _ key: String) -> LibraryVersion? {
        guard entry.has(key), let text = entry.text(key) else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let numbers = parts.compactMap { UInt8(String(decoding: $0, as: UTF8.self)) }
        guard parts.count == 2, numbers.count == 2, text.utf8.first != UInt8(ascii: "+") else {
            entry.fault("`\(entry.name(key))` must be a version such as \"3.8\"", at: key)
            return nil
        }
        return LibraryVersion(major: numbers[0], minor: numbers[1])
    }

    private static func attributes(
        _ mapping: StrictMapping, _ key: String, of known: Set<String>, _ faults: FaultList
    ) -> Set<String> {
        guard mapping.has(key) else { return [] }
        var names: Set<String> = []
        for node in mapping.list(key) {
            let name = node.scalar?.string ?? ""
            guard known.contains(name) else {
                faults.add(
                    "`\(mapping.name(key))` cannot hold `\(name)`; it may hold \(known.sorted().joined(separator: ", "))",
                    at: node)
                continue
            }
            names.insert(name)
        }
        return names
    }

    private static func adjusted(_ readBack: StrictMapping, _ faults: FaultList) -> [String: Bool] {
        guard readBack.has("shows"),
            let shows = readBack.mapping("shows", known: TokenProfile.adjustable.sorted())
        else { return [:] }
        var values: [String: Bool] = [:]
        for name in TokenProfile.adjustable where shows.has(name) {
            values[name] = shows.boolean(name, default: true)
        }
        return values
    }

    private static func returnValues(_ top: StrictMapping, _ faults: FaultList) -> [UInt64: FailureClass] {
        guard let node = top.node("return-values") else { return [:] }
        guard let mapping = node.mapping else {
            faults.add("`return-values` must be a mapping of numbers to classes", at: node)
            return [:]
        }
        var values: [UInt64: FailureClass] = [:]
        for (key, value) in mapping {
            let digits = key.string ?? ""
            guard digits.hasPrefix("0x"), let number = UInt64(digits.dropFirst(2), radix: 16) else {
                faults.add("`return-values` must hold numbers such as 0x80000384", at: key)
                continue
            }
            guard let failureClass = classes[value.scalar?.string ?? ""] else {
                faults.add(
                    "the class of \(digits) must be one of \(classes.keys.sorted().joined(separator: ", "))",
                    at: value)
                continue
            }
            values[number] = failureClass
        }
        return values
    }

    private static let classes: [String: FailureClass] = [
        "request": .request, "session": .session, "login": .login, "device": .device, "capacity": .capacity,
        "credentials": .credentials, "fatal": .fatal,
    ]
}
