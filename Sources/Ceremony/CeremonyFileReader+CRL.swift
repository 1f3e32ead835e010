internal import PKIX
internal import StrictYAML
internal import X509
internal import Yams

extension CeremonyFileReader {
    func crl(_ entry: StrictMapping) -> CeremonyFile.Action? {
        let issuer = issuer(entry)
        let number = entry.number("number", default: 0, in: 1...Int.max)
        if !entry.has("number") { _ = entry.text("number") }
        let (thisUpdate, nextUpdate) = (time(entry, "this-update"), time(entry, "next-update"))
        let revoked = revoked(entry, thisUpdate)
        // RFC 5280, section 4.2.1.3: cRLSign is asserted when the key verifies signatures on CRLs.
        if let usage = try? issuer?.extensions.keyUsage, !usage.cRLSign {
            entry.fault("the key usage of the issuer's certificate does not have cRLSign", at: "issuer")
        }
        guard let issuer, let thisUpdate, let nextUpdate else { return nil }
        guard thisUpdate.secondsSinceEpoch < nextUpdate.secondsSinceEpoch else {
            entry.fault("`next-update` must be after `this-update`", at: "next-update")
            return nil
        }
        if let now, nextUpdate.secondsSinceEpoch <= now {
            entry.fault(
                "the CRL ended at \(nextUpdate), before the ceremony: `next-update` must be in the future",
                at: "next-update")
            return nil
        }
        return .crl(
            issuer: issuer, number: UInt64(number), thisUpdate: thisUpdate, nextUpdate: nextUpdate,
            revoked: revoked)
    }

    private func revoked(
        _ entry: StrictMapping, _ thisUpdate: CivilTime?
    ) -> [RevokedCertificates.Entry] {
        var revoked: [RevokedCertificates.Entry] = []
        var seen: Set<[UInt8]> = []
        for (index, node) in (entry.has("revoked") ? entry.list("revoked") : []).enumerated() {
            let item = StrictMapping(
                node, path: "\(entry.name("revoked"))[\(index)]", known: ["serial-number", "date", "reason"],
                faults: faults)
            let (serial, reason, date) = (serial(item), reason(item), time(item, "date"))
            guard let serial, let date else { continue }
            if !seen.insert(serial).inserted {
                item.fault("this serial number is there twice", at: "serial-number")
            }
            if let thisUpdate, date.secondsSinceEpoch > thisUpdate.secondsSinceEpoch {
                item.fault(
                    "`\(item.name("date"))` is after `this-update`: a CRL tells what was revoked before it",
                    at: "date")
            }
            revoked.append(.init(serialNumber: serial, revocationDate: date, reason: reason))
        }
        return revoked
    }

    /// As a number: without leading zeros.
    private func serial(_ item: StrictMapping) -> [UInt8]? {
        guard let text = item.text("serial-number") else { return nil }
        guard let octets = bytes(text), !octets.isEmpty else {
            item.fault(
                "`\(item.name("serial-number"))` must be 1 to 20 octets in hexadecimal", at: "serial-number")
            return nil
        }
        let number = Array(octets.drop { $0 == 0 })
        // RFC 5280, section 4.1.2.2: positive, and at most 20 octets.
        guard !number.isEmpty else {
            item.fault(
                "`\(item.name("serial-number"))` is zero, which no certificate has as its serial number",
                at: "serial-number")
            return nil
        }
        guard number.count <= 20 else {
            item.fault(
                "`\(item.name("serial-number"))` must be 1 to 20 octets in hexadecimal", at: "serial-number")
            return nil
        }
        return number
    }

    private func reason(_ item: StrictMapping) -> CRLReason? {
        guard item.has("reason") else { return nil }
        let text = item.text("reason")
        let reason = CRLReason.allCases.first { "\($0)" == text }
        if reason == nil {
            item.fault(
                "`\(item.name("reason"))` must be one of \(CRLReason.allCases.map { "\($0)" }.joined(separator: ", "))",
                at: "reason")
        }
        return reason
    }
}
