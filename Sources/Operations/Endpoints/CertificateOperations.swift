internal import Approvals
internal import Audit
internal import Authorities
internal import Authorization
internal import Issuance
internal import PKIX
internal import RecordKeeping
internal import WireAPI
internal import X509

enum CertificateOperations {
    static let all: [Endpoint] = [
        issueCertificate, issueConstrainedCertificate, getCertificate,
    ]

    static let issueCertificate = Endpoint(IssueCertificateOperation.self) { input, call in
        let request = try IssuanceRequest(input, call.useCases.settings.issuance)
        let idempotency = try IdempotencyKey(input, token: input.idempotencyToken) {
            $0.idempotencyToken = nil
        }
        return try await call.issue(request, idempotency, IssueCertificateOperation.self).map {
            .init(certificateArn: $0.description)
        }
    }

    static let issueConstrainedCertificate = Endpoint(IssueConstrainedCertificateOperation.self) {
        input, call in
        let request = try IssuanceRequest(
            input.request, nameConstraints: try input.nameConstraints.makeExtension(),
            call.useCases.settings.issuance)
        let idempotency = try IdempotencyKey(input, token: input.request.idempotencyToken) {
            $0.request.idempotencyToken = nil
        }
        return try await call.issue(request, idempotency, IssueConstrainedCertificateOperation.self).map {
            .init(certificateArn: $0.description)
        }
    }

    static let getCertificate = Endpoint(GetCertificateOperation.self) { input, call in
        let request = GetCertificate.Request(
            certificateAuthority: try parseARN(input.certificateAuthorityArn),
            certificate: try parseARN(input.certificateArn))
        let authorized = try await call.authorize(request)
        return try await call.authorities.getCertificate(authorized, for: call.event).map {
            .init(certificate: $0.certificate, certificateChain: $0.chain)
        }
    }
}

extension OperationCall {
    /// Issues a certificate, or keeps the request for officers. In both cases it returns the certificate's
    /// ARN.
    fileprivate func issue<Operation: WireOperation>(
        _ request: IssuanceRequest, _ idempotency: IdempotencyKey?, _: Operation.Type
    ) async throws -> Audited<ARN> {
        do {
            let authorized = try await authorize(request)
            // The idempotency token was claimed when the approved request was kept.
            return try await useCases.authorities.issueCertificate(
                authorized, idempotency: requestContext.approved == nil ? idempotency : nil,
                approved: requestContext.approved, call: event)
        } catch let error as AccessDenied {
            guard case .approvalsMissing(let needed) = error.reason, requestContext.approved == nil else {
                throw error
            }
            let waiting = try Endpoint.waiting(Operation.self, body, of: requester, needed: needed)
            return try await useCases.authorities.requestCertificateApproval(
                of: request, waiting, idempotency: idempotency, call: event)
        }
    }
}

extension IssuanceRequest {
    fileprivate init(
        _ input: IssueCertificateOperation.Input, nameConstraints: Certificate.Extension? = nil,
        _ issuance: IssuanceSettings
    ) throws {
        guard let signingAlgorithm = SigningAlgorithm(rawValue: input.signingAlgorithm) else {
            throw CAError.invalidArguments(
                "the SigningAlgorithm \(input.signingAlgorithm) is not supported; supported are "
                    + SigningAlgorithm.allCases.map(\.rawValue).joined(separator: ", "))
        }
        self.init(
            certificateAuthority: try parseARN(input.certificateAuthorityArn),
            certificateSigningRequest: input.csr.bytes, signingAlgorithm: signingAlgorithm,
            // A request without a template is authorized with the default template.
            templateARN: input.templateArn ?? issuance.catalog.defaultARN,
            validity: try Validity(input.validity),
            notBefore: try input.validityNotBefore.map { try Validity($0) },
            apiPassthrough: try input.apiPassthrough.map { try APIPassthrough($0) },
            nameConstraints: nameConstraints,
            catalog: issuance.catalog, known: issuance.knownWeakKeys)
    }
}

extension Validity {
    fileprivate init(_ shape: ValidityShape) throws {
        guard let unit = Unit(rawValue: shape.type) else {
            throw CAError.invalidArguments("the validity type `\(shape.type)` does not exist")
        }
        self.init(value: shape.value, unit: unit)
    }
}
