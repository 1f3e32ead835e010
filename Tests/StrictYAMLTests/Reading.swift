import Foundation
import StrictYAML
import Yams

/// The tests' document: one member of each kind.
struct Reading: Sendable, Equatable {
    var name: String?
    var count = 0
    var isOn = false
    var list: [String] = []
    var mode: String?

    static let known = ["name", "count", "on", "list", "inner"]

    init?(_ yaml: some Sequence<UInt8>, named file: String = "f.yaml") throws(StrictYAMLError) {
        self = try StrictFile.parse(
            Data(yaml), named: file, directory: URL(fileURLWithPath: "/")
        ) { root, _, faults in
            let top = StrictMapping(root, path: "", known: Self.known, faults: faults)
            var reading = Reading()
            reading.name = top.text("name")
            reading.count = top.number("count", default: 1, in: 1...10)
            reading.isOn = top.boolean("on", default: false)
            if top.has("list") { reading.list = top.list("list").compactMap(\.scalar?.string) }
            if top.has("inner") {
                reading.mode = top.mapping("inner", known: ["mode"])?.text("mode", default: "0640")
            }
            return reading
        }
    }

    private init() {}

    /// The faults of a file as they are printed; none if it is valid.
    static func faults(_ yaml: some Sequence<UInt8>) -> [String] {
        do {
            _ = try Reading(yaml)
            return []
        } catch { return error.faults.map(\.description) }
    }
}
