internal import Authorization
internal import Crypto
internal import Foundation
internal import Identifiers
internal import JSON
internal import PKIX
internal import StrictYAML
internal import TrustedPaths
internal import Yams

/// The policy files a configuration names, each read once. Their contents go into the rulebook's digest.
final class PolicyFiles {
    private let faults: FaultList
    private let directory: URL
    private let files: SourceFiles
    /// The possible resources of the policies; nil when the daemon's ARNs cannot be determined from the
    /// configuration.
    let resources: AuthorityARNs?
    private var documents: [String: JSONValue?] = [:]
    private var lines: [String: JSONLines] = [:]
    private var hash = SHA256()

    init(faults: FaultList, directory: URL, files: SourceFiles, resources: AuthorityARNs?) {
        self.resources = resources
        self.faults = faults
        self.directory = directory
        self.files = files
    }

    /// Adds `text` to the digest.
    func addToDigest(_ text: String) {
        let bytes = Data(text.utf8)
        hash.update(data: Data("\(bytes.count):".utf8))
        hash.update(data: bytes)
    }

    /// SHA-256 over all added texts, in hexadecimal.
    var digest: String { hexadecimal(hash.finalize()) }

    /// Reads each file of a list with `make`. Unusable files are reported as faults.
    func read<Made>(
        _ mapping: StrictMapping, _ key: String,
        _ make: (_ document: JSONValue, _ name: String) throws(PolicyFault) -> Made
    ) -> [Made] {
        mapping.list(key).compactMap { node in
            guard let path = node.scalar?.string else {
                faults.add("`\(mapping.name(key))` must hold paths of policy files", at: node)
                return nil
            }
            return read(path, at: node, make)
        }
    }

    func read<Made>(
        _ path: String, at node: Node,
        _ make: (_ document: JSONValue, _ name: String) throws(PolicyFault) -> Made
    ) -> Made? {
        let file = path.hasPrefix("/") ? URL(fileURLWithPath: path) : directory.appendingPathComponent(path)
        guard let document = document(file.path, named: path, at: node) else { return nil }
        do { return try make(document, file.lastPathComponent) } catch {
            let line = lines[file.path]?.line(of: error.path)
            faults.add(Fault(file: path, line: line, message: error.description))
            return nil
        }
    }

    private func document(_ file: String, named path: String, at node: Node) -> JSONValue? {
        if let known = documents[file] { return known }
        documents[file] = .some(nil)
        if let fault = FileTrust.fault(ofFile: file) {
            faults.add("the policy file `\(path)` \(fault)", at: node)
            return nil
        }
        guard let data = files.read(file, named: path) else {
            faults.add("the policy file `\(path)` \(Fault.reading(file))", at: node)
            return nil
        }
        addToDigest(path)
        addToDigest(String(decoding: data, as: UTF8.self))
        do {
            let document = try JSONValue(parsing: data)
            documents[file] = document
            lines[file] = JSONLines(data)
            return document
        } catch {
            faults.add(Fault(file: path, line: error.line, message: "not valid JSON: \(error.reason)"))
            return nil
        }
    }
}
