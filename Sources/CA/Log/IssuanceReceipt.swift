public import Authorization
public import Foundation
internal import Storage
public import TransparencyLog

/// Proves that a certificate's issuance is in the log.
public struct GetIssuanceReceipt: CertificateAuthorityRequest {
    public static let action = Action.getIssuanceReceipt
    public let certificateAuthority: ARN
    public let certificate: ARN

    public init(certificateAuthority: ARN, certificate: ARN) {
        self.certificateAuthority = certificateAuthority
        self.certificate = certificate
    }
}

/// An event of the log, with what proves that it is there.
public struct Receipt: Sendable {
    public let index: UInt64
    /// The event, to the byte.
    public let event: Data
    public let proof: [TreeHash]
    public let checkpoint: SignedNote
}

extension CertificateAuthorities {
    /// The event with the certificate's outcome (IssueCertificateDetails), proven in a signed checkpoint.
    public func getIssuanceReceipt(
        _ authorized: consuming Authorized<GetIssuanceReceipt>
    ) async throws(CAError) -> Receipt {
        let request = authorized.request
        let record = try await certificateRecord(request.certificate, of: request.certificateAuthority)
        guard case .issued = record.status, let index = record.outcomeIndex else {
            throw .invalidState("the certificate \(request.certificate) has no outcome in the log")
        }
        return try await receipt(of: index)
    }

    func receipt(of index: UInt64) async throws(CAError) -> Receipt {
        do {
            let known = try await store.checkpoint(of: index + 1)
            let note: SignedNote?
            if let known { note = try SignedNote(encoded: known) } else { note = try await checkpoint() }
            guard let note, let event = try await store.events(from: Int64(index), limit: 1).first else {
                throw CAError.eventNotFound("\(index)")
            }
            let size = try Checkpoint(text: note.text).size
            guard index < size else {
                throw CAError.requestInProgress("the event \(index) is not in a checkpoint yet")
            }
            return Receipt(
                index: index, event: event.body,
                proof: try await store.inclusionProof(of: index, size: size), checkpoint: note)
        } catch let error as CAError { throw error } catch let error as StorageError {
            throw .storage(error)
        } catch { throw .storage(.corrupt("a checkpoint")) }
    }
}
