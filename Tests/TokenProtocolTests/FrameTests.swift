import Testing
import TokenProtocol

struct FrameTests {
    static let requests: [WorkerRequest] = [
        .open(
            .init(
                module: ModuleLocation(path: "/usr/lib/m.so"), tokenURI: "pkcs11:token=ä",
                pin: .file("/etc/pin"),
                sessions: 64)),
        .open(
            .init(
                module: ModuleLocation(path: "/m.so", directories: ["/a", "/b"], allowsOwnUser: true),
                tokenURI: "pkcs11:serial=1", pin: .memory(origin: "prompt"), sessions: 1,
                profile: TokenProfile(
                    name: "maker's", omittedFromTemplates: ["CKA_COPYABLE"],
                    mayBeUnavailable: ["CKA_ALLOWED_MECHANISMS"], adjusted: ["CKA_PRIVATE": false],
                    returnValues: [0x8000_0384: .session], keepAlive: .random(30), rsaKeyGeneration: .x931,
                    edwardsParameters: .printableString, initializeParameters: "configdir='x'",
                    sockets: [.unix, .internet], paths: ["/dev/x"]),
                confinement: WorkerConfinement(
                    user: "hsm", paths: ["/a", "/b"], protected: ["/c"], hidden: ["/d"]))),
        .generateKeyPair(.rsa2048, identifier: [1, 2, 3], label: "label"),
        .findKey(.ecP384, identifier: []),
        .listPrivateKeys(skipped: 70_000),
        .sign(identifier: [9], .sha384, input: [UInt8](repeating: 7, count: 48)),
        .sign(identifier: [9], .ed25519, input: [1, 2, 3]),
    ]

    static let answers: [WorkerAnswer] = [
        .opened(
            TokenDescription(
                label: "l", manufacturer: "m", model: "o", serialNumber: "s", firmware: "1.2", library: "lib"),
            sessions: 4
        ),
        .key(
            KeyDescription(
                identifier: [1], publicKey: .ec(.ecP256, point: [4, 1, 2]),
                evidence: KeyEvidence(
                    verdict: .notProvable,
                    readings: [
                        AttributeReading(name: "CKA_SIGN", wanted: "TRUE", found: "FALSE", finding: .wrong)
                    ]))),
        .key(
            KeyDescription(
                identifier: [1], publicKey: .rsa(modulus: [200, 1], exponent: [1, 0, 1]),
                evidence: KeyEvidence(verdict: .selfReported, readings: []))),
        .signature([1, 2, 3]),
        .privateKeys([]),
        .privateKeys([KeyName(identifier: [1, 2], label: "ä"), KeyName(identifier: [], label: "")]),
        .failure(WorkerFailure(.credentials, "C_Login: CKR_PIN_INCORRECT")),
    ]

    @Test(arguments: requests)
    func `a request is read as it was written`(_ request: WorkerRequest) throws {
        let parsed = try WorkerRequest.parse(request.frame(identifier: 0x0102_0304_0506_0708)[...])
        #expect(parsed.identifier == 0x0102_0304_0506_0708)
        #expect(parsed.request == request)
    }

    @Test(arguments: answers)
    func `an answer is read as it was written`(_ answer: WorkerAnswer) throws {
        let parsed = try WorkerAnswer.parse(answer.frame(identifier: .max)[...])
        #expect(parsed.identifier == .max)
        #expect(parsed.answer == answer)
    }

    @Test(arguments: requests)
    func `a request cut short anywhere is refused`(_ request: WorkerRequest) {
        let frame = request.frame(identifier: 1)
        for length in 0..<frame.count {
            #expect(throws: FrameError.self) { try WorkerRequest.parse(frame.prefix(length)) }
        }
    }

    @Test(arguments: answers)
    func `an answer cut short anywhere is refused`(_ answer: WorkerAnswer) {
        let frame = answer.frame(identifier: 1)
        for length in 0..<frame.count {
            #expect(throws: FrameError.self) { try WorkerAnswer.parse(frame.prefix(length)) }
        }
    }

    @Test func `bytes after the last field are refused`() {
        let frame = WorkerAnswer.signature([1]).frame(identifier: 1) + [0]
        #expect(throws: FrameError.trailingBytes) { try WorkerAnswer.parse(frame[...]) }
    }

    @Test func `a full page of the longest names fits into a message`() {
        let longest = KeyName(
            identifier: [UInt8](repeating: 1, count: KeyName.identifierLimit),
            // Each octet that is not UTF-8 becomes three.
            label: String(decoding: [UInt8](repeating: 0xFF, count: KeyName.labelLimit), as: UTF8.self))
        let page = [KeyName](repeating: longest, count: KeyName.pageLength)
        let frame = WorkerAnswer.privateKeys(page).frame(identifier: 1)
        #expect(FrameMessage.join([frame]).count <= FrameLimit.bytes)
    }

    @Test func `another version is refused`() {
        var frame = WorkerRequest.findKey(.ecP256, identifier: [1]).frame(identifier: 1)
        frame[0] = 1
        #expect(throws: FrameError.unknownVersion(1)) { try WorkerRequest.parse(frame[...]) }
    }

    @Test func `an unknown kind is refused`() {
        var frame = WorkerRequest.findKey(.ecP256, identifier: [1]).frame(identifier: 1)
        frame[1] = 77
        #expect(throws: FrameError.unknownKind(77)) { try WorkerRequest.parse(frame[...]) }
    }

    @Test(arguments: [0, 20, 31, 33, 64])
    func `a digest of the wrong length never reaches a token`(_ length: Int) {
        let request = WorkerRequest.sign(
            identifier: [1], .sha256, input: [UInt8](repeating: 1, count: length))
        #expect(throws: FrameError.invalidField("digest length")) {
            try WorkerRequest.parse(request.frame(identifier: 1)[...])
        }
    }

    @Test func `an unknown failure class is kept as unknown`() throws {
        var frame = WorkerAnswer.failure(WorkerFailure(.request, "x")).frame(identifier: 1)
        frame[10] = 200
        guard case .failure(let failure) = try WorkerAnswer.parse(frame[...]).answer else {
            Issue.record("not a failure")
            return
        }
        #expect(failure.failureClass == .unknown)
    }

    @Test func `random octets are refused without a trap`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<5000 {
            var bytes = (0..<Int.random(in: 0...80, using: &generator)).map { _ in UInt8.random(in: 0...255) }
            if bytes.count > 1 {
                bytes[0] = FrameLimit.version
                bytes[1] = [1, 2, 3, 4, 129, 130, 131, 255].randomElement() ?? 1
            }
            _ = try? WorkerRequest.parse(bytes[...])
            _ = try? WorkerAnswer.parse(bytes[...])
            if let frames = try? FrameMessage.split(bytes[...]) {
                #expect(FrameMessage.join(frames.map { Array($0) }) == bytes)
            }
        }
    }

    @Test func `a message is read as it was written, and only if its frames are complete`() throws {
        let frames = Self.requests.map { $0.frame(identifier: 7) }
        let message = FrameMessage.join(frames)
        let split = try FrameMessage.split(message[...])
        #expect(split.map { Array($0) } == frames)
        #expect(try split.map { try WorkerRequest.parse($0).request } == Self.requests)
        let ends = frames.indices.map { FrameMessage.join(Array(frames[...$0])).count }
        for length in 0..<message.count where !ends.contains(length) {
            #expect(throws: FrameError.truncated) { try FrameMessage.split(message.prefix(length)) }
        }
        #expect(throws: FrameError.truncated) { try FrameMessage.split((message + [0])[...]) }
    }
}
