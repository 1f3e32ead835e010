internal import Foundation
internal import StrictYAML
internal import TransparencyLog

/// Reads `log`.
enum LogReader {
    static func log(_ top: StrictMapping, _ faults: FaultList) -> DaemonSettings.Log? {
        guard top.has("log"), let log = top.mapping("log", known: ["origin", "witnesses"]),
            let origin = log.text("origin")
        else { return nil }
        if !Checkpoint.isOrigin(origin) {
            log.fault(
                "`log.origin` must be a name of the log's own such as `ca.example.com/log`", at: "origin")
        }
        return DaemonSettings.Log(origin: origin, witnesses: witnesses(log, faults))
    }

    private static func witnesses(_ log: StrictMapping, _ faults: FaultList) -> [DaemonSettings.Witness] {
        guard log.has("witnesses") else { return [] }
        var witnesses: [DaemonSettings.Witness] = []
        for (index, node) in log.list("witnesses").enumerated() {
            let path = "log.witnesses[\(index)]"
            let entry = StrictMapping(node, path: path, known: ["url", "key"], faults: faults)
            guard let url = entry.text("url"), let text = entry.text("key") else { continue }
            if !isPrefix(url) {
                entry.fault(
                    "`\(path).url` must be a witness's submission prefix such as `https://witness.example.com`, without a slash at its end",
                    at: "url")
            }
            guard let key = NoteVerifier(text), key.algorithm == .cosignature else {
                entry.fault(
                    "`\(path).key` must be a witness's key as it publishes it, `name+hash+base64` for cosignatures (algorithm 4)",
                    at: "key")
                continue
            }
            if witnesses.contains(where: { $0.key.name == key.name }) {
                entry.fault("the witness `\(key.name)` is there twice", at: "key")
            }
            witnesses.append(DaemonSettings.Witness(url: url, key: key))
        }
        return witnesses
    }

    private static func isPrefix(_ text: String) -> Bool {
        guard let url = URL(string: text), let scheme = url.scheme, ["http", "https"].contains(scheme),
            url.host?.isEmpty == false, url.query == nil, url.fragment == nil, url.user == nil
        else { return false }
        return !text.hasSuffix("/")
    }
}
