internal import Audit
internal import Authorities
internal import Authorization
internal import Foundation
internal import PKIX
internal import Publication
internal import RecordKeeping
internal import Storage
internal import WireAPI

enum RevocationOperations {
    static let all: [Endpoint] = [
        revokeCertificate, updateCertificateAuthority, getCertificateRevocationList, getOCSPResponse,
        revokeHeldCertificate, importIssuedCertificate, describeRevocation,
        importCertificateRevocationList,
    ]

    static let revokeCertificate = Endpoint(RevokeCertificateOperation.self, canWait: true) { input, call in
        guard let reason = RevocationRecord.Reason(rawValue: input.revocationReason) else {
            throw CAError.invalidArguments("the RevocationReason is not one of the API's")
        }
        let request = RevokeCertificate.Request(
            certificateAuthority: try parseARN(input.certificateAuthorityArn),
            serialNumber: SerialNumberText.octets(input.certificateSerial), reason: reason)
        let authorized = try await call.authorize(request)
        return try await call.authorities.revokeCertificate(authorized, call: call.event).map { .init() }
    }

    static let revokeHeldCertificate = Endpoint(RevokeHeldCertificateOperation.self, canWait: true) {
        input, call in
        guard let reason = RevocationRecord.Reason(rawValue: input.revocationReason) else {
            throw CAError.invalidArguments("the RevocationReason is not one of the API's")
        }
        let request = RevokeHeldCertificate.Request(
            certificateAuthority: try parseARN(input.certificateAuthorityArn),
            serialNumber: SerialNumberText.octets(input.certificateSerial), reason: reason,
            proof: input.proofSignature.bytes)
        let authorized = try await call.authorize(request)
        return try await call.authorities.revokeHeldCertificate(authorized, call: call.event).map { .init() }
    }

    static let importIssuedCertificate = Endpoint(ImportIssuedCertificateOperation.self, canWait: true) {
        input, call in
        let request = ImportIssuedCertificate.Request(
            certificateAuthority: try parseARN(input.certificateAuthorityArn),
            certificate: input.certificate.bytes)
        let authorized = try await call.authorize(request)
        return try await call.authorities.importIssuedCertificate(authorized, call: call.event).map {
            .init(certificateArn: $0.description)
        }
    }

    static let updateCertificateAuthority = Endpoint(
        UpdateCertificateAuthorityOperation.self, canWait: true
    ) { input, call in
        let request = UpdateCertificateAuthority.Request(
            certificateAuthority: try parseARN(input.certificateAuthorityArn), status: input.status,
            revocation: try input.revocationConfiguration.map { try RevocationChange($0) })
        let authorized = try await call.authorize(request)
        return try await call.authorities.updateCertificateAuthority(authorized, call: call.event)
            .map { .init() }
    }

    static let getCertificateRevocationList = Endpoint(GetCertificateRevocationListOperation.self) {
        input, call in
        let request = GetCertificateRevocationList.Request(
            certificateAuthority: try parseARN(input.certificateAuthorityArn))
        let authorized = try await call.authorize(request)
        return try await call.publication.getCertificateRevocationList(authorized, for: call.event).map {
            .init(
                certificateRevocationList: Blob($0.octets),
                number: "\(($0.list.number ?? []).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })",
                thisUpdate: date($0.list.thisUpdate), nextUpdate: $0.list.nextUpdate.map(date),
                entries: $0.list.count,
                chainCertificateRevocationLists: $0.chain.map { Blob($0) })
        }
    }

    static let importCertificateRevocationList = Endpoint(
        ImportCertificateRevocationListOperation.self, canWait: true, takesChain: true
    ) { input, call in
        let request = ImportCertificateRevocationList.Request(
            certificateAuthority: try parseARN(input.certificateAuthorityArn),
            list: input.certificateRevocationList.bytes)
        let authorized = try await call.authorize(request)
        return try await call.publication.importCertificateRevocationList(authorized, for: call.event).map {
            .init(id: $0.id, issuer: $0.issuer, nextUpdate: $0.nextUpdate)
        }
    }

    static let describeRevocation = Endpoint(DescribeRevocationOperation.self) { input, call in
        let request = DescribeRevocation.Request(
            certificateAuthority: try parseARN(input.certificateAuthorityArn))
        let authorized = try await call.authorize(request)
        return try await call.publication.describeRevocation(authorized, for: call.event).map {
            freshness($0)
        }
    }

    private static func freshness(_ output: DescribeRevocation.Output) -> DescribeRevocationOperation.Output {
        var shape = DescribeRevocationOperation.Output(certificateRevocationList: nil, ocspResponder: nil)
        if let list = output.list {
            shape.certificateRevocationList = .init(
                number: list.number, entries: list.entries, thisUpdate: list.thisUpdate,
                nextUpdate: list.nextUpdate)
        }
        if let partitions = output.partitions {
            shape.partitionedLists = .init(
                count: partitions.count, signed: partitions.signed, nextUpdate: partitions.nextUpdate)
        }
        if let responder = output.responder {
            shape.ocspResponder = .init(notBefore: responder.notBefore, notAfter: responder.notAfter)
        }
        return shape
    }

    static let getOCSPResponse = Endpoint(GetOCSPResponseOperation.self) { input, call in
        let get = call.publication.getOCSPResponse
        let reading = try await get.read(input.ocspRequests.map(\.bytes))
        var answers = reading.answers
        for request in reading.requests {
            if await call.isDenied(request) {
                answers += try await refused(request, call, isAlone: reading.requests.count == 1)
                continue
            }
            let authorized = try await call.authorize(request)
            answers += await get(authorized).take().list
        }
        for _ in answers { call.context.metrics.count(.status) }
        return await get.answer(answers).map { shape($0) }
    }

    /// The answers to requests that the principal may not make. The refusal is an event once a minute, and the
    /// answer to the call if it is about nothing else.
    private static func refused(
        _ request: GetOCSPResponse.Request, _ call: OperationCall, isAlone: Bool
    ) async throws -> [GetOCSPResponse.Answer] {
        guard call.context.recordsStatusRefusal(of: call.requester.principal.arn) else {
            return request.unauthorized
        }
        do {
            _ = try await call.authorize(request).statement
        } catch {
            if isAlone { throw error }
            _ = await call.context.refuse(RefusedCall(cause: error, call: call.event), call.requestContext)
        }
        return request.unauthorized
    }

    private static func shape(_ answers: GetOCSPResponse.Answers) -> GetOCSPResponseOperation.Output {
        .init(
            ocspResponses: answers.list.map {
                .init(
                    ocspResponse: Blob($0.octets),
                    certificateAuthorityArn: $0.certificateAuthority?.description)
            })
    }
}

private func date(_ time: CivilTime) -> Date {
    Date(timeIntervalSince1970: TimeInterval(time.secondsSinceEpoch))
}

extension RevocationConfiguration {
    /// Of a new authority.
    init(_ shape: RevocationConfigurationShape) throws(CAError) {
        self.init()
        try RevocationChange(shape).apply(to: &self)
    }
}

extension RevocationChange {
    init(_ shape: RevocationConfigurationShape) throws(CAError) {
        self.init()
        if let lists = shape.crlConfiguration { certificateLists = try Self.part(lists) }
        if let status = shape.ocspConfiguration { self.status = try Self.part(status) }
    }

    /// API reference, `CrlConfiguration`: with `Enabled` false there is no other member, and with true there
    /// is an `ExpirationInDays`.
    private static func part(
        _ lists: CrlConfiguration
    ) throws(CAError) -> Part<RevocationConfiguration.CertificateLists> {
        guard lists.enabled else {
            guard !lists.hasMore else {
                throw .invalidArguments("a disabled CrlConfiguration has Enabled and nothing else")
            }
            return .disable
        }
        guard let days = lists.expirationInDays else {
            throw .invalidArguments("an enabled CrlConfiguration has an ExpirationInDays")
        }
        return .enable(
            RevocationConfiguration.CertificateLists(
                expirationInDays: days, customCname: lists.customCname, customPath: lists.customPath,
                bucket: lists.s3BucketName, objectACL: lists.s3ObjectAcl,
                omitsExtension: lists.crlDistributionPointExtensionConfiguration?.omitExtension ?? false,
                isPartitioned: lists.crlType == "PARTITIONED"))
    }

    private static func part(
        _ status: OcspConfiguration
    ) throws(CAError) -> Part<RevocationConfiguration.Status> {
        if status.enabled { return .enable(.init(customCname: status.ocspCustomCname)) }
        guard status.ocspCustomCname == nil else {
            throw .invalidArguments("a disabled OcspConfiguration has Enabled and nothing else")
        }
        return .disable
    }
}

extension RevocationConfigurationShape {
    /// As Describe shows it: both parts, and AWS's defaults.
    init(_ configuration: RevocationConfiguration) {
        let lists = configuration.certificateLists
        self.init(
            crlConfiguration: lists.map {
                CrlConfiguration(
                    enabled: true, expirationInDays: $0.expirationInDays, customCname: $0.customCname,
                    s3BucketName: $0.bucket, s3ObjectAcl: $0.objectACL ?? "PUBLIC_READ",
                    omitExtension: $0.omitsExtension ? true : nil,
                    crlType: $0.isPartitioned ? "PARTITIONED" : "COMPLETE",
                    customPath: $0.customPath)
            } ?? CrlConfiguration(enabled: false),
            ocspConfiguration: OcspConfiguration(
                enabled: configuration.status != nil, ocspCustomCname: configuration.status?.customCname))
    }
}
