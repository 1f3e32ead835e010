import Audit
internal import Foundation
internal import PKIX
internal import Storage

extension StorageConformance {
    static let certificateList = CertificateListRecord(
        certificateAuthority: "a", number: 1, thisUpdate: Date(timeIntervalSince1970: 1),
        nextUpdate: Date(timeIntervalSince1970: 2), entries: 0, lastRevocation: 0, digest: [1])

    static let importedList = ImportedListRecord(
        id: "a", issuer: "CN=a", number: [1], thisUpdate: Date(timeIntervalSince1970: 1),
        nextUpdate: Date(timeIntervalSince1970: 2), digest: [3])

    static let imported = ImportedCertificateRecord(
        certificateAuthority: "a", serialNumber: [1], certificate: [0x30], requester: "p",
        importedAt: Date(timeIntervalSince1970: 1), notAfter: Date(timeIntervalSince1970: 2))

    static let responder = ResponderRecord(
        certificateAuthority: "a", keyAlgorithm: .ecPrime256v1, keyIdentifier: [9],
        keyStorageSecurityStandard: "FIPS_140_2_LEVEL_2_OR_HIGHER", subjectPublicKeyInfo: [8],
        certificate: [7])

    /// Storage of revocations and of the facts about CRLs.
    static let revocationChecks: [Check] = [
        Check(name: "a certificate is revoked once, by its authority and serial number") { store in
            for id in ["a", "b"] { try await store.commit([.insertCertificateAuthority(authority(id))]) }
            try await store.commit([.revoke(revocation([1, 0], of: "a"))])
            var again = revocation([1, 0], of: "a")
            again.reason = .superseded
            guard case .alreadyRevoked = try await refusal(store, [.revoke(again)]) else {
                throw Violation(description: "not alreadyRevoked")
            }
            try await store.commit([.revoke(revocation([1, 0], of: "b"))])
            let read = try await store.revocation(serialNumber: [1, 0], of: "a")
            try require(read == revocation([1, 0], of: "a"), "the first revocation changed")
            try require(
                try await store.revocation(serialNumber: [1], of: "a") == nil, "of another serial number")
        },
        Check(name: "every member of a revocation and of a CRL is kept") { store in
            for id in ["a", "b"] { try await store.commit([.insertCertificateAuthority(authority(id))]) }
            let baseline = revocation([9], of: "a")
            try RecordMember.requireComplete(revocationMembers, of: baseline)
            for (index, member) in revocationMembers.enumerated() {
                var record = member.changed(baseline)
                if record.serialNumber == [9] { record.serialNumber = [9, UInt8(index)] }
                try await store.commit([.revoke(record)])
                let read = try await store.revocation(
                    serialNumber: record.serialNumber, of: record.certificateAuthority)
                try require(read == record, "revoked \(record), read \(String(describing: read))")
            }
            let list = certificateList
            try RecordMember.requireComplete(listMembers, of: list)
            try RecordMember.requireComplete(configurationMembers, of: RevocationConfiguration())
            for record in [list] + listMembers.map({ $0.changed(list) }) {
                try await store.commit([.recordCertificateList(record)])
                let read =
                    record.partition == nil
                    ? try await store.certificateList(of: record.certificateAuthority)
                    : try await store.partitionLists(of: record.certificateAuthority).first
                try require(read == record, "recorded \(record), read \(String(describing: read))")
            }
        },
        Check(name: "the standings of serial numbers are those of one authority, in their order") { store in
            for id in ["a", "b"] { try await store.commit([.insertCertificateAuthority(authority(id))]) }
            let owners: [(UInt8, String)] = [(0xAA, "a"), (0xAB, "a"), (0xAC, "b"), (0xAD, "a"), (0xAE, "a")]
            for (octet, owner) in owners {
                let serial = CertificateRecord.text(ofSerialNumber: [octet])
                try await store.commit([.reserveSerialNumber(certificate(serial, of: owner))])
                // One stays reserved, and one fails.
                guard octet != 0xAD else { continue }
                let status: CertificateRecord.Status = octet == 0xAE ? .failed(reason: "f") : .issued([1])
                try await store.commit([
                    .concludeCertificate(
                        serialNumber: serial, status, outcome: event(.signatureOutcome, at: later))
                ])
            }
            let revoked = revocation([0xAB], of: "a")
            try await store.commit([
                .revoke(revoked), .revoke(revocation([0xAC], of: "b")), .insertImportedCertificate(imported),
            ])
            let numbers: [[UInt8]] = [[0xAE], [0xAB], [1], [0xAA], [0xAC], [0xAD], [0xAF]]
            let standings = try await store.standings(of: numbers, by: "a")
            try require(
                standings == [
                    .unissued, .revoked(revoked), .issued, .issued, .unissued, .unissued, .unissued,
                ],
                "\(standings)")
            try require(try await store.standings(of: [], by: "a").isEmpty, "of no serial number")
        },
        Check(name: "the CRLs of partitions are kept beside the complete one, each for its index") { store in
            for id in ["a", "b"] { try await store.commit([.insertCertificateAuthority(authority(id))]) }
            var lists: [CertificateListRecord] = []
            for index in [3, 0, 1] {
                var list = certificateList
                list.number = Int64(index + 10)
                list.partition = .init(index: index, urls: ["http://a.example.test/\(index).crl"])
                try await store.commit([.recordCertificateList(list)])
                lists.append(list)
            }
            try await store.commit([.recordCertificateList(certificateList)])
            lists[0].number = 20
            try await store.commit([.recordCertificateList(lists[0])])
            try require(
                try await store.partitionLists(of: "a") == [lists[1], lists[2], lists[0]],
                "not by their indices")
            try require(
                try await store.certificateList(of: "a") == certificateList, "the complete one changed")
            try require(try await store.partitionLists(of: "b").isEmpty, "of another authority")
        },
        Check(name: "every member of an imported certificate is kept, once for its authority") { store in
            for id in ["a", "b"] { try await store.commit([.insertCertificateAuthority(authority(id))]) }
            try RecordMember.requireComplete(importedMembers, of: imported)
            for (index, member) in importedMembers.enumerated() {
                var record = imported
                record.serialNumber = [UInt8(index + 2)]
                record = member.changed(record)
                try await store.commit([.insertImportedCertificate(record)])
                let read = try await store.importedCertificate(
                    serialNumber: record.serialNumber, of: record.certificateAuthority)
                try require(read == record, "imported \(record), read \(String(describing: read))")
            }
            try await store.commit([.insertImportedCertificate(imported)])
            var again = imported
            again.certificate = [7]
            guard case .conflict = try await refusal(store, [.insertImportedCertificate(again)]) else {
                throw Violation(description: "not conflict")
            }
            let read = try await store.importedCertificate(serialNumber: [1], of: "a")
            try require(read == imported, "the first one changed")
            try require(
                try await store.importedCertificate(serialNumber: [1], of: "b") == nil,
                "of another authority")
        },
        Check(name: "every member of an imported CRL is kept, and a newer one replaces it") { store in
            try RecordMember.requireComplete(importedListMembers, of: importedList)
            for record in [importedList] + importedListMembers.map({ $0.changed(importedList) }) {
                try await store.commit([.recordImportedList(record)])
                let read = try await store.importedList(record.id)
                try require(read == record, "recorded \(record), read \(String(describing: read))")
            }
            try require(try await store.importedLists().map(\.id) == ["a", "b"], "not all, in order")
        },
        Check(name: "every member of a responder is kept, and its key never changes") { store in
            try RecordMember.requireComplete(responderMembers, of: responder)
            for id in ["a", "b"] { try await store.commit([.insertCertificateAuthority(authority(id))]) }
            try require(try await store.responder(of: "a") == nil, "a responder that nothing recorded")
            var recorded: [ResponderRecord] = []
            for (index, member) in responderMembers.enumerated() {
                var record = responder
                record.certificateAuthority = "r\(index)"
                try await store.commit([
                    .insertCertificateAuthority(authority(record.certificateAuthority))
                ])
                record = member.changed(record)
                try await store.commit([.recordResponder(record)])
                let read = try await store.responder(of: record.certificateAuthority)
                try require(read == record, "recorded \(record), read \(String(describing: read))")
                recorded.append(record)
            }
            try await store.commit([.recordResponder(responder)])
            var renewed = responder
            renewed.certificate = [6, 6]
            try await store.commit([.recordResponder(renewed)])
            try require(try await store.responder(of: "a") == renewed, "the certificate is not the new one")
            for key in [[1], [2, 2]] as [[UInt8]] {
                var other = renewed
                other.keyIdentifier = key
                guard case .conflict = try await refusal(store, [.recordResponder(other)]) else {
                    throw Violation(description: "not conflict for another identifier")
                }
                other = renewed
                other.subjectPublicKeyInfo = key
                guard case .conflict = try await refusal(store, [.recordResponder(other)]) else {
                    throw Violation(description: "not conflict for another key")
                }
            }
            let all = (recorded + [renewed]).sorted { $0.certificateAuthority < $1.certificateAuthority }
            try require(try await store.responders() == all, "not all responders, in order")
        },
        Check(name: "the revocations of an authority come in pages, in their order") { store in
            for id in ["a", "b"] { try await store.commit([.insertCertificateAuthority(authority(id))]) }
            for number in 1...5 as ClosedRange<UInt8> {
                try await store.commit([
                    .revoke(revocation([6 - number], of: "a")), .revoke(revocation([number], of: "b")),
                ])
            }
            var after: Int64 = 0
            var pages: [[[UInt8]]] = []
            while true {
                let page = try await store.revocations(of: "a", after: after, limit: 2)
                guard let last = page.last else { break }
                pages.append(page.map(\.record.serialNumber))
                after = last.place
            }
            try require(pages == [[[5], [4]], [[3], [2]], [[1]]], "\(pages)")
        },
        Check(name: "a CRL number is reserved once, and the numbers of an authority increase") { store in
            for id in ["a", "b"] { try await store.commit([.insertCertificateAuthority(authority(id))]) }
            try require(try await store.reservedListNumber(of: "a") == 0, "a number that nothing reserved")
            try await store.commit([.reserveListNumber(certificateAuthority: "a", number: 7)])
            for number in [7, 6] as [Int64] {
                guard
                    case .conflict = try await refusal(
                        store, [.reserveListNumber(certificateAuthority: "a", number: number)])
                else { throw Violation(description: "not conflict") }
            }
            try await store.commit([
                .reserveListNumber(certificateAuthority: "a", number: 8),
                .reserveListNumber(certificateAuthority: "b", number: 1),
            ])
            try require(try await store.reservedListNumber(of: "a") == 8, "not the highest number")
        },
    ]
}
