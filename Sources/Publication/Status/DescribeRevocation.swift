public import Audit
public import Authorities
public import Authorization
public import Foundation
internal import PKIX
public import RecordKeeping
internal import Storage
internal import SwiftASN1
internal import X509

/// Shows how fresh an authority's CRL and the certificate of its OCSP responder are.
public struct DescribeRevocation: Sendable, SingleAction {
    public static let action = Action.describeCertificateAuthority
    public typealias Request = AuthorityRequest<Self>

    let store: any RevocationStore
    let authorities: AuthorityLookup
    let recorder: Recorder

    public struct Output: Sendable {
        /// The newest CRL that was signed; nil before the first.
        public let list: CertificateList?
        /// Nil for an authority whose CRL was never divided.
        public let partitions: Partitions?
        /// The certificate of the responder; nil without one.
        public let responder: Responder?

        public struct CertificateList: Sendable {
            /// The CRL number, in decimal. A String also because the optimizer of Swift 6.3 crashes on a noncopyable
            /// answer whose output has only numbers.
            public let number: String
            public let entries: Int
            public let thisUpdate: Date
            public let nextUpdate: Date
        }

        /// The CRLs of partitions.
        public struct Partitions: Sendable {
            public let count: Int
            public let signed: Int
            /// When the first of those that were signed ends.
            public let nextUpdate: Date?
        }

        public struct Responder: Sendable {
            public let notBefore: Date
            public let notAfter: Date
        }
    }

    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<Output> {
        try await recorder.answer(authorized, for: call) { (request) throws(CAError) in
            let record = try await authorities.record(request.certificateAuthority)
            do throws(StorageError) {
                let list = try await store.certificateList(of: record.id)
                let divided = try await store.partitionLists(of: record.id)
                let responder = try await store.responder(of: record.id)
                return Output(
                    list: list.map {
                        Output.CertificateList(
                            number: "\($0.number)", entries: $0.entries, thisUpdate: $0.thisUpdate,
                            nextUpdate: $0.nextUpdate)
                    },
                    partitions: record.revocation.partitions.map {
                        Output.Partitions(
                            count: $0.count, signed: divided.count,
                            nextUpdate: divided.map(\.nextUpdate).min())
                    }, responder: responder?.certificate.flatMap(Self.responder))
            } catch { throw .storage(error) }
        }
    }

    private static func responder(_ der: [UInt8]) -> Output.Responder? {
        guard let certificate = try? Certificate(derEncoded: der) else { return nil }
        return Output.Responder(
            notBefore: certificate.notValidBefore, notAfter: certificate.notValidAfter)
    }
}
