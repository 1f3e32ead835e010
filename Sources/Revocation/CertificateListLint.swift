internal import PKIX

/// The rules that a CRL must keep before it is signed. The encoded CRL is parsed again, so that an error of
/// the encoder is found too.
enum CertificateListLint {
    struct Rule: Sendable {
        /// Such as `RFC 5280, section 5.1.2.5`.
        let source: String
        /// The finding as a sentence; nil when the rule is kept.
        let finding: @Sendable (CertificateList, ListIssuer) -> String?

        init(_ source: String, _ finding: @escaping @Sendable (CertificateList, ListIssuer) -> String?) {
            self.source = source
            self.finding = finding
        }
    }

    /// - Parameters:
    ///   - tbs: the DER of a TBSCertList
    ///   - distributionPoint: the URLs of the partition; empty for a complete CRL
    static func findings(
        _ tbs: [UInt8], by issuer: ListIssuer, distributionPoint: [String] = []
    ) -> [String] {
        let list: CertificateList
        do { list = try CertificateList(tbsDerEncoded: tbs) } catch { return ["X.690: \(error)"] }
        let rules = rules + [scope(distributionPoint)]
        return rules.compactMap { rule in rule.finding(list, issuer).map { "\(rule.source): \($0)" } }
    }

    /// A partition names its own distribution point and nothing else, and a complete CRL none.
    private static func scope(_ distributionPoint: [String]) -> Rule {
        Rule("RFC 5280, section 5.2.5") { list, _ in
            guard !distributionPoint.isEmpty else {
                return list.issuingDistributionPoint == nil ? nil : "a complete CRL has a distribution point"
            }
            let isOwn = list.issuingDistributionPoint?.elementsEqual(
                DistributionPoints.issuing(urls: distributionPoint))
            return isOwn == true ? nil : "the distribution point is not that of the partition"
        }
    }

    static let rules: [Rule] = [
        Rule("RFC 5280, section 5.1.2.1") { list, _ in
            list.version == 2 ? nil : "the list has extensions and is not of version 2"
        },
        Rule("RFC 5280, section 5.1.2.2") { list, issuer in
            list.signature.elementsEqual(issuer.signingAlgorithm.algorithmIdentifier)
                ? nil : "the algorithm is not that of the signature"
        },
        Rule("RFC 5280, section 5.1.2.3") { list, issuer in
            // An empty Name is `30 00`.
            list.issuer.elementsEqual(issuer.name) && issuer.name.count > 2
                ? nil : "the issuer is empty or not the subject of the authority's certificate"
        },
        Rule("RFC 5280, section 5.1.2.5") { list, _ in
            guard let next = list.nextUpdate else { return "there is no nextUpdate" }
            return list.thisUpdate.secondsSinceEpoch < next.secondsSinceEpoch
                ? nil : "nextUpdate is not after thisUpdate"
        },
        Rule("RFC 5280, section 5.2.1") { list, issuer in
            list.authorityKeyIdentifier?.elementsEqual(issuer.keyIdentifier) == true
                ? nil : "the authority key identifier is not that of the authority"
        },
        Rule("RFC 5280, section 5.2.3") { list, _ in
            list.number.map { $0.isEmpty } == false ? nil : "there is no CRL number above zero"
        },
        Rule("RFC 5280, section 5.2") { list, _ in
            // Section 5.2.5 makes that of a partition critical.
            list.extensions.count(where: \.isCritical) == (list.issuingDistributionPoint == nil ? 0 : 1)
                ? nil : "an extension is critical, which some relying parties refuse"
        },
        Rule("RFC 5280, section 4.2.1.3") { _, issuer in
            issuer.signsLists ? nil : "the key usage of the authority's certificate has no cRLSign"
        },
        Rule("RFC 5280, section 5.3") { list, _ in
            var finding: String?
            list.forEachEntry { entry in
                if entry.hasCriticalExtension { finding = "an entry has a critical extension" }
                // Section 5.3.1: unspecified is expressed by the absence of the extension.
                if entry.reason == 0 { finding = "an entry says unspecified" }
                if entry.serialNumber.isEmpty { finding = "an entry has the serial number zero" }
            }
            return finding
        },
    ]
}
