import Audit
internal import Foundation
internal import Storage

extension StorageConformance {
    /// Storage of commits, intents and idempotency claims.
    static let commitChecks: [Check] = [
        Check(name: "a commit is made completely or not at all") { store in
            try await store.commit([.insertCertificateAuthority(authority("a"))])
            _ = try await refusal(
                store,
                [
                    .insertCertificateAuthority(authority("b")), .append(event(.daemonStopped)),
                    .closeIntent(id: "no such intent"),
                ])
            try require(try await store.certificateAuthority("b") == nil, "part of a refused commit was made")
            try require(
                try await store.events(from: 0, limit: 10).isEmpty, "an event of a refused commit")
        },
        Check(name: "a refused commit does not affect simultaneous commits") { store in
            try await store.commit([.insertCertificateAuthority(authority("a"))])
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<60 {
                    group.addTask {
                        // Every third commit reserves the same serial number, and one of those succeeds.
                        let serial = index % 3 == 0 ? "same" : "own\(index)"
                        do {
                            try await store.commit([
                                .reserveSerialNumber(certificate(serial, of: "a")),
                                .append(event(note: "E\(index)")),
                            ])
                            return true
                        } catch { return false }
                    }
                }
                var made = 0
                for try await wasMade in group where wasMade { made += 1 }
                try require(made == 41, "\(made) of 41 were made")
            }
            try require(
                try await store.events(from: 0, limit: 100).count == 41, "events and commits differ")
        },
        Check(name: "intents are open until they are closed") { store in
            let one = intent("one")
            let two = intent("two")
            try await store.commit([.openIntent(one), .append(event(.signatureIntent))])
            try await store.commit([.openIntent(two)])
            try await store.commit([.closeIntent(id: one.id)])
            let left = try await store.unresolvedIntents()
            try require(left.map(\.id) == [two.id], "open intents: \(left)")
            try require(
                left.first?.requestID == "two" && left.first?.serialNumber == "aa", "not as recorded")
            _ = try await refusal(store, [.closeIntent(id: one.id)])
        },
        Check(name: "an idempotency claim is kept until it expires") { store in
            try await store.commit([.claimIdempotency(claim("k"))])
            guard
                case .alreadyClaimed(let earlier) = try await refusal(
                    store, [.claimIdempotency(claim("k", digest: "other"))])
            else { throw Violation(description: "not alreadyClaimed") }
            try require(earlier == claim("k"), "not the earlier claim")
            let found = try await store.idempotencyClaim(key: "k", at: Date(timeIntervalSince1970: 1299))
            try require(found == claim("k"), "not found while it holds")
            let late = try await store.idempotencyClaim(key: "k", at: Date(timeIntervalSince1970: 1300))
            try require(late == nil, "found after it expired")
            var next = claim("k", digest: "next")
            next.madeAt = Date(timeIntervalSince1970: 1301)
            next.expiresAt = Date(timeIntervalSince1970: 1601)
            try await store.commit([.claimIdempotency(next)])
            try await store.commit([.releaseIdempotency(answer: "answer")])
            try await store.commit([.claimIdempotency(claim("k"))])
        },
    ]
}
