internal import Authorization
internal import CeremonyTranscript
internal import Crypto
internal import Foundation
internal import Identifiers
internal import Issuance
public import JSON
internal import PKIX
public import TokenOffice
public import TokenProtocol
public import X509

/// Carries out a ceremony at a token. Each step is on the transcript before the next begins.
public struct CeremonyRun {
    let file: CeremonyFile
    let isDryRun: Bool
    let writer: TranscriptWriter
    /// The officers' own private keys, by name.
    let officerKeys: [String: Certificate.PrivateKey]
    /// The officers who sign the transcript later, on another machine.
    let detachedOfficers: [String]
    /// Asks an officer; throws unless the officer agrees.
    let confirm: (CeremonyFile.Officer) throws -> Void
    /// Runs a long step and shows its name meanwhile.
    let whileWaiting: (_ what: String, _ body: () throws -> KeyDescription) throws -> KeyDescription
    let randomBytes: (Int) -> [UInt8]

    public init(
        _ file: CeremonyFile, isDryRun: Bool, writer: TranscriptWriter,
        officerKeys: [String: Certificate.PrivateKey] = [:], detachedOfficers: [String] = [],
        confirm: @escaping (CeremonyFile.Officer) throws -> Void = { _ in },
        whileWaiting: @escaping (String, () throws -> KeyDescription) throws -> KeyDescription = { try $1() },
        randomBytes: @escaping (Int) -> [UInt8] = { count in
            (0..<count).map { _ in UInt8.random(in: 0...255) }
        }
    ) {
        self.file = file
        self.isDryRun = isDryRun
        self.writer = writer
        self.officerKeys = officerKeys
        self.detachedOfficers = detachedOfficers
        self.confirm = confirm
        self.whileWaiting = whileWaiting
        self.randomBytes = randomBytes
    }

    /// Checks the preconditions: the output files do not exist, the private key of every officer with a
    /// public key is given, and the document can be built and passes the lints.
    /// - Returns: the document's details as in the transcript, except values that depend on a new key
    @discardableResult
    public func checkBeforehand() throws -> JSONObject {
        try checkOutputs()
        try checkOfficers()
        return try preview()
    }

    /// Checks that the output files do not exist and that their directories do.
    public func checkOutputs() throws {
        let statements = detachedOfficers.compactMap(file.statementPath)
        for path in [file.resultPath, file.transcriptPath] + statements
        where FileManager.default.fileExists(atPath: path) {
            throw CeremonyError.exists(path)
        }
        for path in [file.resultPath, file.transcriptPath] {
            let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
            guard FileManager.default.isWritableFile(atPath: directory) else {
                throw CeremonyError.cannotWrite(directory)
            }
        }
    }

    /// Builds and lints the document with a placeholder for a new key. Otherwise a key generated for an
    /// invalid document would stay on the token.
    public func preview() throws -> JSONObject {
        let publicKey =
            try file.action.issuer.map { try SubjectPublicKey($0.publicKey) }
            ?? CeremonyArtefact.standIn(for: file.key.algorithm)
        if case .logKey(let origin) = file.action { return try LogKeyLine(publicKey, origin: origin).details }
        return try CeremonyArtefact(file, publicKey: publicKey, randomBytes: randomBytes).details
    }

    /// - Parameters:
    ///   - pin: the source of the PIN
    ///   - moduleDigest: SHA-256 of the module's file, in hexadecimal
    /// - Returns: DER of the signed document, or the verifier key of a log
    public func perform(
        at token: borrowing CeremonyToken, pin: String, moduleDigest: String
    ) throws -> [UInt8] {
        do {
            try begin(token, pin, moduleDigest)
            let publicKey = try key(at: token)
            let result =
                if case .logKey(let origin) = file.action {
                    try verifierKey(publicKey, origin)
                } else { try signedDocument(publicKey, at: token) }
            try writer.record(.concluded, [:])
            try signTranscript(publicKey, at: token)
            return result
        } catch {
            try? writer.record(.failed, ["reason": .string("\(error)")])
            throw error
        }
    }

    private func begin(_ token: borrowing CeremonyToken, _ pin: String, _ moduleDigest: String) throws {
        var details: JSONObject = [
            "title": .string(file.title), "ceremonyFileSHA256": .string(file.digest),
            "action": .string(file.action.name),
            "isDryRun": .boolean(isDryRun), "version": .string(productVersion),
            "inputs": .object(file.inputs),
            "officers": .array(file.officers.map { ["name": .string($0.name), "role": .string($0.role)] }),
        ]
        if let policy = file.policy {
            details["policy"] = [
                "document": .string(policy.document), "version": .string(policy.version),
                "section": .string(policy.section),
            ]
        }
        try writer.record(.ceremony, details)
        let description = token.description
        try writer.record(
            .token,
            [
                "label": .string(description.label), "serialNumber": .string(description.serialNumber),
                "manufacturer": .string(description.manufacturer), "model": .string(description.model),
                "firmware": .string(description.firmware), "library": .string(description.library),
                "moduleSHA256": .string(moduleDigest), "pinSource": .string(pin),
            ])
        if file.action.makesKey, let label = file.key.label,
            try token.isTaken(identifier: file.key.identifier, label: label)
        {
            throw CeremonyError.labelInUse(label, identifier: hexadecimal(file.key.identifier))
        }
        for officer in file.officers {
            try confirm(officer)
            try writer.record(.confirmed, ["name": .string(officer.name), "role": .string(officer.role)])
        }
    }

    private func signedDocument(
        _ publicKey: SubjectPublicKey, at token: borrowing CeremonyToken
    ) throws -> [UInt8] {
        let prepared = try CeremonyArtefact(file, publicKey: publicKey, randomBytes: randomBytes)
        try writer.record(.prepared, prepared.details)
        try writer.record(
            .signatureIntent,
            [
                "identifier": .string(hexadecimal(file.key.identifier)),
                "sha256": .string(digest(prepared.tbs)),
            ])
        let der = try sign(prepared, publicKey, at: token)
        try writer.record(.signed, ["sha256": .string(digest(der))])
        try write(prepared.pem(der), digestOf: der)
        return der
    }

    /// Writes the result of the ceremony.
    /// - Parameter octets: those whose SHA-256 is in the transcript
    func write(_ text: String, digestOf octets: [UInt8]) throws {
        if !isDryRun {
            try Data(text.utf8).write(
                to: URL(fileURLWithPath: file.resultPath), options: .withoutOverwriting)
        }
        try writer.record(
            .written,
            [
                "file": .string(URL(fileURLWithPath: file.resultPath).lastPathComponent),
                "sha256": .string(digest(octets)),
            ])
    }

    /// Generates or finds the key, and requires that it proves itself.
    private func key(at token: borrowing CeremonyToken) throws -> SubjectPublicKey {
        let description =
            file.action.makesKey
            ? try whileWaiting("making the \(file.key.algorithm.rawValue) key") {
                try token.generateKeyPair(
                    file.key.kind, identifier: file.key.identifier, label: file.key.label ?? "",
                    isDestroyable: file.key.isDestroyable)
            }
            : try token.find(file.key.kind, identifier: file.key.identifier)
        let publicKey = try CeremonyArtefact.publicKey(description.publicKey)
        var details: JSONObject = [
            "identifier": .string(hexadecimal(file.key.identifier)),
            "algorithm": .string(file.key.algorithm.rawValue),
            "subjectPublicKeyInfo": .string(Data(publicKey.derBytes).base64EncodedString()),
        ]
        if let label = file.key.label { details["keyLabel"] = .string(label) }
        try writer.record(file.action.makesKey ? .keyGenerated : .keyFound, details)
        if !isDryRun, let issuer = file.action.issuer, !publicKey.matches(issuer.publicKey) {
            throw CeremonyError.keyIsAnother(hexadecimal(file.key.identifier))
        }
        let probes = try token.probe(identifier: file.key.identifier)
        let evidence = description.evidence
        try writer.record(
            .keyEvidence,
            [
                "verdict": .string("\(evidence.verdict)"),
                "attributes": .object(
                    JSONObject(evidence.readings.map { ($0.name, .string($0.found)) })),
                "probes": .array(
                    probes.map {
                        [
                            "attempt": .string($0.attempt), "answer": .string($0.answer),
                            "isRefused": .boolean($0.isRefused),
                        ]
                    }),
            ])
        guard evidence.verdict != .notProvable else {
            throw CeremonyError.notProven(
                "the key does not prove itself: "
                    + evidence.failures.map { "\($0.name) is \($0.found), not \($0.wanted)" }.joined(
                        separator: ", "))
        }
        if let unclear = probes.first(where: \.isInconclusive) {
            throw CeremonyError.notProven(
                "whether the token refuses could not be shown: \(unclear.attempt) (\(unclear.answer))")
        }
        if let allowed = probes.first(where: { !$0.isRefused }) {
            throw CeremonyError.notProven(
                "the token does not refuse to \(allowed.attempt) (\(allowed.answer))")
        }
        return publicKey
    }

    private func sign(
        _ prepared: CeremonyArtefact, _ publicKey: SubjectPublicKey, at token: borrowing CeremonyToken
    ) throws -> [UInt8] {
        let signature = try raw(prepared.tbs, file.signingAlgorithm, publicKey, at: token)
        return SignedObject.assemble(
            tbs: prepared.tbs, algorithm: file.signingAlgorithm, signature: signature)
    }

    /// A verified signature over the bytes, in the format of X.509.
    private func raw(
        _ bytes: [UInt8], _ algorithm: SigningAlgorithm, _ publicKey: SubjectPublicKey,
        at token: borrowing CeremonyToken
    ) throws -> [UInt8] {
        let scheme: SignatureScheme =
            switch algorithm.digest {
            case .sha256: .sha256
            case .sha384: .sha384
            case .sha512: .sha512
            }
        let made = try token.sign(
            algorithm.digest.hash(bytes), scheme, file.key.kind, identifier: file.key.identifier)
        guard let signature = file.key.algorithm.signature(fromToken: made),
            publicKey.isValidSignature(signature, of: bytes, algorithm)
        else { throw CeremonyError.wrongSignature }
        return signature
    }

    private func signTranscript(_ publicKey: SubjectPublicKey, at token: borrowing CeremonyToken) throws {
        var (signer, time) = ("key \(hexadecimal(file.key.identifier))", writer.now())
        var statement = Transcript.statement(after: writer.transcript.head, signer: signer, time: time)
        let signature = try raw(Array(statement), file.signingAlgorithm, publicKey, at: token)
        try writer.record(
            .signature,
            [
                "signer": .string(signer), "algorithm": .string(file.signingAlgorithm.rawValue),
                "signature": .string(Data(signature).base64EncodedString()),
            ], at: time)
        for officer in file.officers {
            guard let key = officerKeys[officer.name] else { continue }
            let algorithm = try OfficerKey.algorithm(of: key, name: officer.name)
            (signer, time) = (officer.name, writer.now())
            statement = Transcript.statement(after: writer.transcript.head, signer: signer, time: time)
            let signature = try key.sign(
                bytes: statement, signatureAlgorithm: algorithm.certificateAlgorithm)
            let own = try SubjectPublicKey(key.publicKey)
            try writer.record(
                .signature,
                [
                    "signer": .string(signer),
                    "algorithm": .string(CeremonySignature.name(algorithm) ?? ""),
                    "signature": .string(Data(signature.rawRepresentation).base64EncodedString()),
                    "subjectPublicKeyInfo": .string(Data(own.derBytes).base64EncodedString()),
                ], at: time)
        }
    }

    private func digest(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }
}

extension CeremonyFile.Action {
    /// The certificate whose key signs; nil when the key is new.
    var issuer: Certificate? {
        switch self {
        case .root, .request, .logKey: nil
        case .subordinate(_, let issuer, _, _), .crl(let issuer, _, _, _, _): issuer
        }
    }
}
