internal import Audit
internal import Foundation
internal import JSON
public import RecordKeeping
internal import Storage
internal import TransparencyLog

/// Has witnesses cosign checkpoints.
public struct CosignCheckpoint: Sendable {
    let store: any AuditLogStore
    let recorder: Recorder
    let naming: ARNNaming
    let clock: Clock
    let cosigned: CosignedCheckpoint

    /// Asks all witnesses concurrently to cosign the newest checkpoint, and stores their cosignatures with
    /// it. Records an event when a witness stops or resumes cosigning.
    /// - Parameter standing: in the order of `witnesses`; witnesses that signed this checkpoint are not asked
    ///   again
    public func callAsFunction(
        with witnesses: [any Witness], standing: inout [WitnessStanding]
    ) async throws(CAError) {
        let checkpoint: SignedNote
        let size: UInt64
        do {
            guard let note = try await store.checkpoint(of: nil) else { return }
            checkpoint = try SignedNote(encoded: note)
            size = try Checkpoint(text: checkpoint.text).size
        } catch let error as StorageError { throw .storage(error) } catch {
            throw .storage(.corrupt("a checkpoint"))
        }
        let before = standing
        let asked = witnesses.indices.filter { before[$0].fault != nil || before[$0].size != size }
        guard !asked.isEmpty else { return }
        let answers = await withTaskGroup(of: (Int, Result<SignedNote.Signature, WitnessFault>).self) {
            group in
            for index in asked {
                group.addTask {
                    let known = before[index].size
                    return (
                        index, await cosignature(of: checkpoint, size, by: witnesses[index], since: known)
                    )
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        var cosigned = checkpoint
        var events: [AuditEvent] = []
        for index in asked {
            let witness = witnesses[index]
            switch answers[index] {
            case .success(let signature):
                cosigned.signatures.removeAll { $0.name == signature.name && $0.keyID == signature.keyID }
                cosigned.signatures.append(signature)
                if standing[index].fault != nil { events.append(event(.witnessCosigns, witness, nil)) }
                standing[index].fault = nil
                standing[index].size = size
            case .failure(let fault):
                if standing[index].fault == nil { events.append(event(.witnessFailed, witness, fault)) }
                standing[index].fault = fault
            case nil: break
            }
        }
        var changes = events.map { Change.append($0) }
        if cosigned != checkpoint {
            changes.append(.recordCheckpoint(size: size, note: cosigned.encoded))
        }
        if !changes.isEmpty { try await recorder.commit(changes) }
        self.cosigned.set(standing.allSatisfy { $0.fault == nil } ? cosigned : nil)
    }

    private func cosignature(
        of checkpoint: SignedNote, _ size: UInt64, by witness: any Witness, since known: UInt64
    ) async -> Result<SignedNote.Signature, WitnessFault> {
        do throws(WitnessFault) {
            let answer: String
            do throws(WitnessFault) {
                answer = try await ask(witness, for: checkpoint, size, since: min(known, size))
            } catch {
                // The witness knows the size that it signed last. A size larger than the log is a fault.
                guard case .signedLast(let old) = error, old <= size else { throw error }
                answer = try await ask(witness, for: checkpoint, size, since: old)
            }
            let note = try? SignedNote(encoded: checkpoint.text + "\n" + answer)
            guard let note, witness.key.verify(note) != nil,
                let own = note.signatures.first(where: {
                    $0.name == witness.key.name && $0.keyID == witness.key.keyID
                })
            else { throw .signedSomethingElse }
            return .success(own)
        } catch { return .failure(error) }
    }

    private func ask(
        _ witness: any Witness, for checkpoint: SignedNote, _ size: UInt64, since old: UInt64
    ) async throws(WitnessFault) -> String {
        let proof: [TreeHash]
        do { proof = try await store.consistencyProof(from: old, to: size) } catch {
            throw .unreachable(reason: "the log cannot be read")
        }
        return try await witness.add(WitnessRequest(old: old, proof: proof, checkpoint: checkpoint))
    }

    private func event(_ event: ServiceEvent, _ witness: any Witness, _ fault: WitnessFault?) -> AuditEvent {
        var details: JSONObject = ["witness": .string(witness.key.description)]
        if let fault { details["statusReason"] = .string(fault.description) }
        return .service(event, scope: naming.scope, time: clock.now(), details: details)
    }
}
