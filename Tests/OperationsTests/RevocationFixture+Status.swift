import Authorities
import Foundation
import InMemoryStorage
import JSON
import Operations
import PKIX
import Publication
import Storage
internal import SwiftASN1
import Testing
import X509

/// OCSP requests to a scenario.
extension RevocationFixture {
    /// Enables OCSP for the root, and makes its responder.
    func enableStatus() async throws {
        await publish()
        #expect(
            await update(#""RevocationConfiguration": {"OcspConfiguration": {"Enabled": true}}"#)
                == nil)
        _ = try await api.useCases.publication.maintainResponders()
    }

    /// The octets of the answer.
    func ask(_ request: [UInt8], as user: InMemoryAPI.User = .administrator) async throws -> [UInt8] {
        try #require(try await ask([request], as: user).first)
    }

    /// The octets of the answers to requests of one call.
    func ask(_ requests: [[UInt8]], as user: InMemoryAPI.User = .administrator) async throws -> [[UInt8]] {
        let list = requests.map { "\"\(Data($0).base64EncodedString())\"" }.joined(separator: ", ")
        let output = try await api.call("Signet.GetOCSPResponse", "{\"OcspRequests\": [\(list)]}", as: user)
            .get()
        guard case .array(let answers)? = output["OcspResponses"] else {
            throw SyntaxFault(place: "answer", problem: "has no OcspResponses")
        }
        return try answers.map { answer in
            let text = try #require(answer["OcspResponse"]?.stringValue)
            return Array(try #require(Data(base64Encoded: text)))
        }
    }

    /// The response, after its signature and its signer's certificate were verified.
    func response(_ request: [UInt8]) async throws -> BasicOCSPResponse {
        let octets = try await ask(request)
        guard case .basic(let basic) = try OCSPResponse.read(derEncoded: octets) else {
            throw SyntaxFault(place: "response", problem: "is the failure \(octets)")
        }
        let root = try await certificate(rootARN())
        let signer = try Certificate(derEncoded: try #require(basic.certificates.first))
        if signer != root {
            #expect(root.publicKey.isValidSignature(signer.signature, for: signer))
            #expect(try signer.extensions.extendedKeyUsage?.contains(.ocspSigning) == true)
            #expect(
                signer.extensions[oid: [1, 3, 6, 1, 5, 5, 7, 48, 1, 5]]?.value.elementsEqual([5, 0]) == true)
            #expect(signer.issuer == root.subject && signer.publicKey != root.publicKey)
            #expect(signer.notValidBefore <= api.time.now && api.time.now < signer.notValidAfter)
        }
        let key = try SubjectPublicKey(signer.publicKey)
        #expect(basic.isSigned(by: key))
        #expect(basic.responder == .keyHash(KeyIdentifier.sha1(of: key)))
        return basic
    }

    private func rootARN() async throws -> String {
        let record = try #require(try await api.store.certificateAuthority(id))
        let fields = try CertificateFields(derEncoded: try #require(record.certificate))
        let serial = fields.serialNumber.dropFirst(2).drop { $0 == 0 }
        return "$root/certificate/\(CertificateRecord.text(ofSerialNumber: serial))"
    }

    /// Nil for a response with a status.
    func failure(_ octets: [UInt8]) -> OCSPResponse.Failure? {
        OCSPResponse.Failure.allCases.first { OCSPResponse.encoded($0) == octets }
    }

    /// The DER of a value.
    static func der(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
        let count = contents.count
        if count < 128 { return [tag, UInt8(count)] + contents }
        let octets = count < 256 ? [UInt8(count)] : [UInt8(count >> 8), UInt8(count & 255)]
        return [tag, 0x80 | UInt8(octets.count)] + octets + contents
    }
}
