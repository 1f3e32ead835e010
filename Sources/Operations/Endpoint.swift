internal import Approvals
internal import Audit
internal import Authorization
internal import Crypto
internal import Foundation
internal import Identifiers
internal import JSON
internal import PKIX
internal import RecordKeeping
internal import Storage
internal import WireAPI

/// An operation of the API. It takes the body of a request and returns the body of the answer, after its
/// event is in the log.
struct Endpoint: Sendable {
    let name: String
    /// Its `X-Amz-Target`.
    let target: String
    /// The action that policies must allow.
    let action: Action?
    /// Maximum octets of a body without a chain of certificates. The 150 extensions of 4,096 octets that
    /// IssueCertificate accepts have 0.6 MiB.
    private static let mostOctets = 1024 * 1024
    /// Maximum octets of a body with a chain of certificates. The API's limit of 2 MiB for a chain is 2.7 MiB
    /// in base64.
    private static let mostOctetsWithChain = 4 * 1024 * 1024

    /// Maximum octets of the operation's body.
    let mostBodyOctets: Int
    let handle:
        @Sendable (
            _ body: Data, _ requester: Requester, _ requestContext: RequestContext, _ context: APIContext
        )
            async throws -> Data

    /// - Parameters:
    ///   - canWait: whether a request that needs approvals is kept for officers
    ///   - takesChain: whether its input holds a chain of certificates
    ///   - perform: carries the operation out
    init<Operation: WireOperation>(
        _: Operation.Type, canWait: Bool = false, takesChain: Bool = false,
        perform:
            @escaping @Sendable (Operation.Input, OperationCall) async throws -> Audited<Operation.Output>
    ) {
        name = Operation.name
        target = Operation.target
        action = Action(rawValue: Operation.action)
        mostBodyOctets = takesChain ? Self.mostOctetsWithChain : Self.mostOctets
        handle = { body, requester, requestContext, context in
            let scope = context.useCases.settings.naming.scope
            /// Nil until the request is read; the log has no parameters of an unreadable request.
            var read: APICall?
            var call: APICall { read ?? requestContext.call(Operation.name, scope: scope, parameters: .null) }
            do {
                let input: Operation.Input = try Self.decode(body, unknown: Operation.unknownMembers)
                var constraints = Constraints()
                input.check(&constraints)
                if let message = constraints.message { throw APIError("ValidationException", message) }
                // Only input within the model's limits enters the log, because events are never removed.
                let event = requestContext.call(
                    Operation.name, scope: scope, parameters: Self.parameters(input))
                read = event
                let audited = try await perform(
                    input,
                    OperationCall(
                        event: event, body: body, requester: requester, requestContext: requestContext,
                        context: context))
                if !audited.isRecorded { context.reportUnrecorded(read: event) }
                return try await audited.map { try WireCoding.encode($0) }.take()
            } catch let error as AnswerFailure {
                throw error
            } catch let error as AccessDenied {
                guard canWait, requestContext.approved == nil,
                    case .approvalsMissing(let needed) = error.reason
                else {
                    throw RefusedCall(cause: error, call: call)
                }
                let waiting: WaitingRequest
                do {
                    waiting = try Self.waiting(Operation.self, body, of: requester, needed: needed)
                } catch { throw RefusedCall(cause: error, call: call) }
                throw await Self.keep(waiting, about: error.resource, call, context)
            } catch {
                throw RefusedCall(cause: error, call: call)
            }
        }
    }

    private static func keep(
        _ waiting: WaitingRequest, about resource: String, _ call: APICall, _ context: APIContext
    ) async -> RefusedCall {
        do {
            let kept = try await context.useCases.approvals.requestApproval(
                waiting, about: resource, call: call)
            let cause = CAError.requestInProgress(
                "the request waits for \(kept.wanted): request \(kept.id)")
            return RefusedCall(cause: cause, call: call)
        } catch { return RefusedCall(cause: error, call: call) }
    }

    /// The request as it is stored for officers. Unknown members are refused, so that officers see only
    /// members that the operation uses.
    static func waiting<Operation: WireOperation>(
        _: Operation.Type, _ body: Data, of requester: Requester, needed: Int
    ) throws -> WaitingRequest {
        let _: Operation.Input = try decode(body, unknown: .refused)
        return WaitingRequest(
            operation: Operation.name, title: Operation.target, input: try JSONValue(parsing: body),
            requester: requester, needed: needed)
    }

    private static func decode<Input: Decodable>(_ body: Data, unknown: UnknownMembers) throws -> Input {
        do {
            return try WireCoding.decode(Input.self, from: body, unknown: unknown)
        } catch let error as UnknownMember {
            throw APIError("SerializationException", error.description)
        } catch let error as NotAnObject {
            throw APIError("SerializationException", "the body \(error)")
        } catch let error as DecodingError {
            switch error {
            case .keyNotFound(let key, let context):
                throw APIError(
                    "ValidationException", Constraints.missing(path(context.codingPath + [key])))
            case .valueNotFound(_, let context):
                throw APIError("ValidationException", Constraints.missing(path(context.codingPath)))
            case .typeMismatch(let type, let context):
                throw APIError(
                    "SerializationException",
                    "the member `\(path(context.codingPath))` is not of its type, which is \(jsonType(type))")
            case .dataCorrupted(let context) where !context.codingPath.isEmpty:
                let reason =
                    WireCoding.reasons.contains(context.debugDescription)
                    ? ": \(context.debugDescription)" : ""
                throw APIError(
                    "SerializationException", "the member `\(path(context.codingPath))` is not valid\(reason)"
                )
            case .dataCorrupted(let context):
                throw APIError("SerializationException", "the body is not JSON: \(context.debugDescription)")
            @unknown default: throw APIError("SerializationException", "the body cannot be read")
            }
        }
    }

    /// The JSON type (RFC 8259, section 3) of a member, with its article.
    private static func jsonType(_ type: Any.Type) -> String {
        switch type {
        case is String.Type, is any RawRepresentable<String>.Type: "a string"
        case is Bool.Type: "true or false"
        case is any Numeric.Type: "a number"
        case is any Sequence.Type where !(type is any ExpressibleByDictionaryLiteral.Type): "a list"
        default: "an object"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map { $0.intValue.map { "\($0 + 1).member" } ?? $0.stringValue }.joined(separator: ".")
    }

    private static let summarizing: JSONValueEncoder = {
        let summary: Blob.Summary = { bytes in
            [
                "bytes": .string(String(bytes.count)),
                "sha256": .string(hexadecimal(SHA256.hash(data: bytes))),
            ]
        }
        return JSONValueEncoder(userInfo: Blob.summary.map { [$0: summary] } ?? [:])
    }()

    /// The request as the log shows it: blobs by digest and size.
    private static func parameters(_ input: some Encodable) -> JSONValue {
        (try? summarizing.encode(input)) ?? .null
    }
}

/// A call that was not carried out, with its event and the reason.
struct RefusedCall: Error {
    let cause: any Error
    let call: APICall
}

/// Parses an ARN in a request.
func parseARN(_ text: String) throws -> ARN {
    guard let arn = ARN(text) else { throw CAError.malformedARN(text) }
    return arn
}
