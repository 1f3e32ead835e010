internal import CFuzzer
internal import Foundation
internal import Issuance
internal import PKIX

@testable internal import Operations
@testable internal import WireAPI

/// Whatever JSON comes as an ApiPassthrough or as name constraints: an answer, never a trap.
@main
enum FuzzPassthrough {
    static func main() {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe CommandLine.unsafeArgv
        _ = unsafe LLVMFuzzerRunDriver(&count, &arguments) { start, count in
            unsafe FuzzPassthrough.once(Data(UnsafeBufferPointer(start: start, count: count)))
            return 0
        }
    }

    private static func once(_ data: Data) {
        var constraints = Constraints()
        if let names = try? WireCoding.decode(NameConstraintsShape.self, from: data) {
            _ = try? names.makeExtension()
        }
        guard let input = try? WireCoding.decode(ApiPassthrough.self, from: data) else { return }
        input.check(&constraints, at: "apiPassthrough")
        // Only what keeps the model's limits comes further.
        guard constraints.message == nil, let passthrough = try? APIPassthrough(input) else { return }
        _ = try? passthrough.subject?.distinguishedName()
    }
}
