internal import Identifiers
public import PKCS11
public import TokenProtocol

/// Finds keys and reads back their attributes.
public struct KeyInspection: Sendable {
    let profile: TokenProfile

    public init(profile: TokenProfile) { self.profile = profile }

    /// The one private key with this CKA_ID, its public half and its evidence.
    public func find(
        _ kind: KeyKind, identifier: [UInt8], in session: borrowing Session
    ) throws(WorkerFailure) -> (key: TokenKey, description: KeyDescription) {
        let privateKey = try single(.privateKey, identifier: identifier, in: session)
        let publicKey = try single(.publicKey, identifier: identifier, in: session)
        let publicMaterial = try material(kind, of: publicKey, in: session)
        do {
            let description = KeyDescription(
                identifier: identifier, publicKey: publicMaterial,
                evidence: try evidence(kind, of: privateKey, in: session))
            return (TokenKey(handle: privateKey, kind: kind), description)
        } catch { throw failure(error) }
    }

    /// The kind of the key pair with this CKA_ID, from its public key and, for RSA, from the private key's
    /// allowed mechanisms. Nil if there is none, or for a kind that Signet does not make.
    public func kind(identifier: [UInt8], in session: borrowing Session) throws(PKCS11Error) -> KeyKind? {
        guard let key = try session.findObjects(Self.template(.publicKey, identifier), limit: 1).first else {
            return nil
        }
        for algorithm in KeyKind.Family.algorithms {
            guard let value = try session.attribute(algorithm.kindAttribute, of: key) else { continue }
            let candidates = algorithm.kinds(value, profile)
            guard let first = candidates.first else { continue }
            return candidates.count == 1
                ? first : try allowed(of: candidates, identifier: identifier, in: session) ?? first
        }
        return nil
    }

    /// The kind whose signing mechanism is allowed for the private key; nil if none is.
    private func allowed(
        of candidates: [KeyKind], identifier: [UInt8], in session: borrowing Session
    ) throws(PKCS11Error) -> KeyKind? {
        let privateKey = try session.findObjects(Self.template(.privateKey, identifier), limit: 1).first
        let allowed = try privateKey.map { key throws(PKCS11Error) in
            try session.attribute(.allowedMechanisms, of: key)
        }
        return candidates.first {
            allowed
                == AttributeValue.mechanisms([StrictTemplate(kind: $0, profile: profile).signingMechanism])
                .encoded
        }
    }

    private static func template(_ objectClass: ObjectClass, _ identifier: [UInt8]) -> AttributeTemplate {
        [(.objectClass, .number(objectClass.rawValue)), (.identifier, .bytes(identifier))]
    }

    /// Whether a key object has this CKA_ID.
    public func isTaken(identifier: [UInt8], in session: borrowing Session) throws(PKCS11Error) -> Bool {
        try !session.findObjects([(.identifier, .bytes(identifier))], limit: 1).isEmpty
    }

    /// A page of the private keys on the token, in the order in which C_FindObjects gives them.
    public func privateKeys(
        skipping skipped: Int, in session: borrowing Session
    ) throws(WorkerFailure) -> [KeyName] {
        do {
            let found = try session.findObjects(
                [(.objectClass, .number(ObjectClass.privateKey.rawValue))],
                limit: skipped + KeyName.pageLength)
            return try found.dropFirst(skipped).map { key throws(PKCS11Error) in
                let identifier = try session.attribute(.identifier, of: key) ?? []
                let label = try session.attribute(.label, of: key) ?? []
                return KeyName(
                    identifier: Array(identifier.prefix(KeyName.identifierLimit)),
                    label: String(decoding: label.prefix(KeyName.labelLimit), as: UTF8.self))
            }
        } catch { throw failure(error) }
    }

    // CKA_ID and CKA_LABEL need not be unique on a token, so two matches are an error.
    private func single(
        _ objectClass: ObjectClass, identifier: [UInt8], in session: borrowing Session
    ) throws(WorkerFailure) -> ObjectHandle {
        let found: [ObjectHandle]
        do {
            found = try session.findObjects(Self.template(objectClass, identifier), limit: 2)
        } catch { throw failure(error) }
        let name = objectClass == .privateKey ? "private" : "public"
        guard let first = found.first else {
            throw WorkerFailure(
                .keyNotFound, "the token has no \(name) key with CKA_ID \(hexadecimal(identifier))")
        }
        guard found.count == 1 else {
            throw WorkerFailure(
                .evidence, "the token has more than one \(name) key with CKA_ID \(hexadecimal(identifier))")
        }
        return first
    }

    private func material(
        _ kind: KeyKind, of key: ObjectHandle, in session: borrowing Session
    ) throws(WorkerFailure) -> PublicKeyMaterial {
        let algorithm = kind.algorithm
        var values: [[UInt8]?] = []
        for attribute in algorithm.publicAttributes {
            do { values.append(try session.attribute(attribute, of: key)) } catch { throw failure(error) }
        }
        return try algorithm.publicKey(kind, values)
    }

    private func evidence(
        _ kind: KeyKind, of key: ObjectHandle, in session: borrowing Session
    ) throws(PKCS11Error) -> KeyEvidence {
        var readings: [AttributeReading] = []
        for expectation in StrictTemplate(kind: kind, profile: profile).expectations {
            var found = try session.attribute(expectation.type, of: key)
            // PKCS#11 2.40, section 4.7: CK_UNAVAILABLE_INFORMATION, for a key that was not generated on the
            // token.
            if expectation.type == .keyGenMechanism, found?.allSatisfy({ $0 == 0xFF }) ?? false {
                found = nil
            }
            readings.append(reading(expectation, found: found))
        }
        let verdict: KeyVerdict = readings.contains { $0.finding == .wrong } ? .notProvable : .selfReported
        return KeyEvidence(verdict: verdict, readings: readings)
    }

    private func reading(_ expectation: StrictTemplate.Expectation, found: [UInt8]?) -> AttributeReading {
        let name = expectation.type.description
        let finding: AttributeReading.Finding =
            if let found {
                found == expectation.wanted.encoded ? .satisfied : .wrong
            } else if expectation.mayBeUnavailable {
                .satisfied
            } else {
                profile.mayBeUnavailable.contains(name) ? .waived : .wrong
            }
        return AttributeReading(
            name: name, wanted: text(expectation.wanted),
            found: found.map { text($0, like: expectation.wanted) } ?? "unavailable", finding: finding)
    }

    private func failure(_ error: PKCS11Error) -> WorkerFailure { WorkerFailure(error, profile) }

    private func text(_ value: AttributeValue) -> String { text(value.encoded, like: value) }

    private func text(_ bytes: [UInt8], like value: AttributeValue) -> String {
        switch value {
        case .boolean where bytes.count == 1: bytes[0] == 0 ? "FALSE" : "TRUE"
        case .mechanisms: mechanismNames(bytes)
        default: bytes.isEmpty ? "empty" : "0x" + hexadecimal(bytes)
        }
    }
}

/// An array of CK_MECHANISM_TYPE, in the byte order of this machine.
private func mechanismNames(_ bytes: [UInt8]) -> String {
    let width = MemoryLayout<UInt>.size
    guard !bytes.isEmpty, bytes.count % width == 0 else {
        return bytes.isEmpty ? "empty" : "0x" + hexadecimal(bytes)
    }
    return stride(from: 0, to: bytes.count, by: width).map { start in
        let entry = Array(bytes[start..<(start + width)])
        let known = KeyKind.Family.mechanisms.first { AttributeValue.mechanisms([$0]).encoded == entry }
        return known?.description ?? "0x" + hexadecimal(entry)
    }.joined(separator: " ")
}
