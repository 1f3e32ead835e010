public import Yams

/// Collects faults while a file is read.
public final class FaultList {
    public let file: String
    public private(set) var faults: [Fault] = []

    public init(file: String) { self.file = file }

    public func add(_ message: String, at node: Node?) {
        faults.append(Fault(file: file, line: node?.mark?.line, message: message))
    }

    public func add(_ fault: Fault) { faults.append(fault) }
}
