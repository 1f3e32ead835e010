import Audit
internal import Foundation
internal import Storage

extension StorageConformance {
    /// Storage of serial numbers and certificates.
    static let certificateChecks: [Check] = [
        Check(name: "a serial number is reserved once, for ever") { store in
            try await store.commit([.insertCertificateAuthority(authority("a"))])
            try await store.commit([.reserveSerialNumber(certificate("aa", of: "a"))])
            for _ in 0..<2 {
                guard
                    case .serialNumberTaken = try await refusal(
                        store, [.reserveSerialNumber(certificate("aa", of: "a"))])
                else { throw Violation(description: "not serialNumberTaken") }
                try? await store.commit([
                    .concludeCertificate(
                        serialNumber: "aa", .failed(reason: "x"), outcome: event(.signatureOutcome))
                ])
            }
        },
        Check(name: "a certificate is concluded once") { store in
            try await store.commit([.insertCertificateAuthority(authority("a"))])
            try await store.commit([.reserveSerialNumber(certificate("aa", of: "a"))])
            try require(
                try await store.certificate(serialNumber: "aa") == certificate("aa", of: "a"),
                "not as reserved")
            try await store.commit([
                .append(event(.daemonStopped)),
                .concludeCertificate(
                    serialNumber: "aa", .issued([7, 7]), outcome: event(.signatureOutcome)),
            ])
            _ = try await refusal(
                store,
                [
                    .concludeCertificate(
                        serialNumber: "aa", .failed(reason: "late"), outcome: event(.daemonStopped))
                ])
            _ = try await refusal(
                store,
                [.concludeCertificate(serialNumber: "bb", .issued([1]), outcome: event(.daemonStopped))])
            let record = try await store.certificate(serialNumber: "aa")
            try require(record?.status == .issued([7, 7]), "the outcome changed")
            try require(record?.outcomeIndex == 1, "the outcome is not at the recorded index")
            try require(
                try await store.events(from: 0, limit: 9).count == 2,
                "an outcome of a refused conclusion")
            try require(record?.issuedAt == later, "not the time of the signature")
        },
        Check(
            name:
                "the issued certificates of an authority come in pages, in the order of their signatures"
        ) {
            store in
            for id in ["a", "b"] { try await store.commit([.insertCertificateAuthority(authority(id))]) }
            func issue(_ serialNumber: String, of authority: String, _ seconds: TimeInterval?)
                async throws
            {
                try await store.commit([.reserveSerialNumber(certificate(serialNumber, of: authority))])
                guard let seconds else { return }
                try await store.commit([
                    .concludeCertificate(
                        serialNumber: serialNumber, .issued([1]),
                        outcome: event(.signatureOutcome, at: later.addingTimeInterval(seconds)))
                ])
            }
            // Two have the same time; one is reserved, one failed, and one belongs to another authority.
            try await issue("dd", of: "a", 0)
            try await issue("cc", of: "a", 1)
            try await issue("bb", of: "a", 1)
            try await issue("aa", of: "a", 2.5)
            try await issue("ab", of: "a", nil)
            try await issue("ba", of: "b", 1)
            try await store.commit([
                .reserveSerialNumber(certificate("ac", of: "a")),
                .concludeCertificate(
                    serialNumber: "ac", .failed(reason: "x"), outcome: event(.signatureOutcome)),
            ])
            var after: CertificateRecord?
            var pages: [[String]] = []
            while pages.last?.isEmpty != true {
                let page = try await store.issuedCertificates(of: "a", after: after, limit: 2)
                pages.append(page.map(\.serialNumber))
                after = page.last ?? after
            }
            try require(pages == [["dd", "bb"], ["cc", "aa"], []], "pages \(pages)")
        },
    ]
}
