internal import Identifiers
internal import Logging
public import PKIX
package import Signing
internal import Synchronization
public import TokenProtocol

extension Token {
    /// A found or generated key pair: its public key and the attributes read back from the private key.
    public struct Key: Sendable {
        public let identifier: [UInt8]
        public let publicKey: SubjectPublicKey
        public let evidence: KeyEvidence
    }

    /// Generates a key pair that can only sign and cannot be exported, and refuses it unless the token
    /// confirms both.
    /// - Parameters:
    ///   - identifier: its CKA_ID, which no other object on the token may have
    ///   - label: its CKA_LABEL
    public func generateKeyPair(
        _ kind: KeyKind, identifier: [UInt8], label: String
    ) async throws(HSMError) -> Key {
        let process = try await servingWorker()
        let request = WorkerRequest.generateKeyPair(kind, identifier: identifier, label: label)
        let description = try await key(try await call(request, on: process, .daemon), of: process)
        let made = try admit(description, kind, of: process)
        noteSuccess(of: process)
        return made
    }

    /// A signature that is not verified yet, and the worker that made it.
    package struct UnverifiedSignature: Sendable {
        package let bytes: [UInt8]
        let process: WorkerProcess
    }

    /// A signature of the token without verification; ``TokenSet`` verifies it. The key is read back first,
    /// unless the current worker has done so.
    package nonisolated func unverifiedSignature(
        _ input: [UInt8], _ scheme: SignatureScheme, with key: PinnedKey, _ priority: SigningPriority
    ) async throws(HSMError) -> UnverifiedSignature {
        let process: WorkerProcess
        if let ready = readyProcess(for: key) {
            process = ready
        } else {
            process = try await workerAdmitting(key)
        }
        let request = WorkerRequest.sign(identifier: key.identifier, scheme, input: input)
        guard case .signature(let bytes) = try await call(request, on: process, priority) else {
            throw await unexpectedAnswer(of: process)
        }
        return UnverifiedSignature(bytes: bytes, process: process)
    }

    /// The names of all private keys on this token, including those of other programs. Opens the token if
    /// needed.
    public func privateKeys() async throws(HSMError) -> [KeyName] {
        let process = try await servingWorker()
        var keys: [KeyName] = []
        // A limit, because a module could return pages endlessly.
        for _ in 0..<Self.keyPages {
            let request = WorkerRequest.listPrivateKeys(skipped: UInt32(keys.count))
            guard case .privateKeys(let page) = try await call(request, on: process, .daemon) else {
                throw unexpectedAnswer(of: process)
            }
            keys += page
            if page.count < KeyName.pageLength { break }
        }
        return keys
    }

    private static let keyPages = 100

    /// Reads back every key that this token signs with. A key that no longer proves itself no longer signs,
    /// and an event is recorded.
    public func readBackKeys(_ keys: [PinnedKey]) async {
        for key in keys {
            guard let process = service.withLock({ $0.admitted[key.identifier] != nil ? $0.process : nil })
            else { continue }
            do {
                try await readBack(key, on: process)
            } catch {
                logger.error(
                    "key not read back",
                    metadata: ["key": "\(hexadecimal(key.identifier))", "reason": "\(error)"])
            }
        }
    }

    /// Requires that this token has the key with the pinned public key, that it proves itself, and that the
    /// token can sign with it now.
    nonisolated func admit(_ key: PinnedKey) async throws(HSMError) {
        if readyProcess(for: key) == nil { _ = try await workerAdmitting(key) }
    }

    nonisolated func readyProcess(for key: PinnedKey) -> WorkerProcess? {
        service.withLock { $0.admitted[key.identifier] == key.kind ? $0.process : nil }
    }

    /// The current worker, after it has read the key back as the pinned one. Each new worker must read it
    /// again. Concurrent callers share one reading.
    private func workerAdmitting(_ key: PinnedKey) async throws(HSMError) -> WorkerProcess {
        let process = try await servingWorker()
        if readyProcess(for: key) === process { return process }
        if let asked = service.withLock({ $0.missing[key.identifier] }), .now - asked < Self.askAgain {
            throw notFound(key)
        }
        if let admission = admissions[key.identifier] { return try await admission.value.get() }
        let admission = Task { () async -> Result<WorkerProcess, HSMError> in
            do throws(HSMError) {
                try await readBack(key, on: process)
                return .success(process)
            } catch { return .failure(error) }
        }
        admissions[key.identifier] = admission
        defer { admissions[key.identifier] = nil }
        return try await admission.value.get()
    }

    /// The time after which a token without a key is asked for it again. A copy may have been added, or the
    /// objects were temporarily not visible.
    private static let askAgain: Duration = .seconds(2)

    private func notFound(_ key: PinnedKey) -> HSMError {
        .worker(
            WorkerFailure(
                .keyNotFound,
                "the token `\(configuration.name)` has no key with CKA_ID \(hexadecimal(key.identifier))"))
    }

    private func readBack(_ key: PinnedKey, on process: WorkerProcess) async throws(HSMError) {
        let request = WorkerRequest.findKey(key.kind, identifier: key.identifier)
        let description: KeyDescription
        do throws(HSMError) {
            description = try await self.key(try await call(request, on: process, .daemon), of: process)
        } catch {
            if case .worker(let failure) = error, failure.failureClass == .keyNotFound, isServing(process) {
                dismiss(key)
                let isNews = service.withLock { $0.missing.updateValue(.now, forKey: key.identifier) == nil }
                if isNews {
                    logger.warning(
                        "key not found",
                        metadata: ["key": "\(hexadecimal(key.identifier))", "reason": "\(failure.message)"])
                }
                recordMissingKey(key, on: process)
                throw notFound(key)
            }
            guard case .worker(let failure) = error, failure.disqualifiesKey,
                failure.failureClass != .keyNotFound
            else { throw error }
            dismiss(key)
            emit(.keyNotUsed(identifier: hexadecimal(key.identifier), reason: failure.message))
            // Another token may have a copy that proves itself.
            throw .worker(WorkerFailure(.evidence, failure.message))
        }
        do throws(HSMError) {
            // The token's public key is only compared with the recorded one.
            guard try description.subjectPublicKey() == key.publicKey else {
                throw .publicKeyChanged(identifier: hexadecimal(key.identifier))
            }
            _ = try admit(description, key.kind, of: process)
        } catch {
            dismiss(key)
            emit(.keyNotUsed(identifier: hexadecimal(key.identifier), reason: "\(error)"))
            throw error
        }
    }

    /// A module may stop seeing a token until it is initialized again. A missing key that was there before is
    /// therefore searched with a new worker, but not repeatedly.
    private func recordMissingKey(_ key: PinnedKey, on process: WorkerProcess) {
        guard let tried = admittedKeys[key.identifier], tried.map({ .now - $0 > Self.reopenAgain }) ?? true
        else {
            return
        }
        admittedKeys[key.identifier] = .now
        Task { await reopen(after: process) }
    }

    /// The minimum time between two reopenings for a lost key.
    private static let reopenAgain: Duration = .seconds(30)

    private func dismiss(_ key: PinnedKey) { service.withLock { $0.admitted[key.identifier] = nil } }

    private func admit(
        _ description: KeyDescription, _ kind: KeyKind, of process: WorkerProcess
    ) throws(HSMError) -> Key {
        let key = Key(
            identifier: description.identifier, publicKey: try description.subjectPublicKey(),
            evidence: description.evidence)
        let identifier = hexadecimal(description.identifier)
        guard description.evidence.verdict != .notProvable else {
            throw .keyNotProvable(identifier: identifier, failures: description.evidence.failures)
        }
        logger.info(
            "key admitted", metadata: ["key": "\(identifier)", "verdict": "\(description.evidence.verdict)"])
        admittedKeys.updateValue(nil, forKey: description.identifier)
        service.withLock { service in
            guard service.process === process else { return }
            service.admitted[description.identifier] = kind
            service.missing[description.identifier] = nil
        }
        return key
    }

    private func key(
        _ answer: WorkerAnswer, of process: WorkerProcess
    ) async throws(HSMError) -> KeyDescription {
        guard case .key(let description) = answer else { throw unexpectedAnswer(of: process) }
        return description
    }

    func unexpectedAnswer(of process: WorkerProcess) -> HSMError {
        replace(process, because: .unexpectedAnswer)
        return .unexpectedAnswer
    }
}
