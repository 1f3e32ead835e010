internal import PKIX
public import Storage

/// One member that a store could lose. A store that loses it must fail a check.
public struct Forgetting: Sendable, CustomStringConvertible {
    public let description: String
    /// The change without the member.
    public let forget: @Sendable (Change) -> Change

    /// Every member of every record, in each change that writes it.
    public static let all: [Forgetting] =
        StorageConformance.authorityMembers.flatMap { member in
            let baseline = StorageConformance.authority("a")
            return [
                Forgetting(description: "insert, `\(member.name)` of an authority") { change in
                    guard case .insertCertificateAuthority(var record) = change else { return change }
                    member.copy(&record, baseline)
                    return .insertCertificateAuthority(record)
                },
                Forgetting(description: "update, `\(member.name)` of an authority") { change in
                    guard case .updateCertificateAuthority(var record) = change else { return change }
                    member.copy(&record, baseline)
                    return .updateCertificateAuthority(record)
                },
            ]
        }
        + StorageConformance.revocationMembers.map { member in
            let baseline = StorageConformance.revocation([9], of: "a")
            return Forgetting(description: "`\(member.name)` of a revocation") { change in
                guard case .revoke(var record) = change else { return change }
                member.copy(&record, baseline)
                return .revoke(record)
            }
        }
        + StorageConformance.listMembers.map { member in
            Forgetting(description: "`\(member.name)` of a CRL") { change in
                guard case .recordCertificateList(var record) = change else { return change }
                member.copy(&record, StorageConformance.certificateList)
                return .recordCertificateList(record)
            }
        }
        + StorageConformance.importedMembers.map { member in
            Forgetting(description: "`\(member.name)` of an imported certificate") { change in
                guard case .insertImportedCertificate(var record) = change else { return change }
                member.copy(&record, StorageConformance.imported)
                return .insertImportedCertificate(record)
            }
        }
        + StorageConformance.importedListMembers.map { member in
            Forgetting(description: "`\(member.name)` of an imported CRL") { change in
                guard case .recordImportedList(var record) = change else { return change }
                member.copy(&record, StorageConformance.importedList)
                return .recordImportedList(record)
            }
        }
        + StorageConformance.responderMembers.map { member in
            Forgetting(description: "`\(member.name)` of a responder") { change in
                guard case .recordResponder(var record) = change else { return change }
                member.copy(&record, StorageConformance.responder)
                return .recordResponder(record)
            }
        }
        + StorageConformance.subjectMembers.map { member in
            Forgetting(description: "`\(member.name)` of a subject") { change in
                guard case .updateCertificateAuthority(var record) = change else { return change }
                member.copy(&record.subject, SubjectAttributes())
                return .updateCertificateAuthority(record)
            }
        }
        + StorageConformance.approvalMembers.flatMap { member in
            let baseline = StorageConformance.approval("a")
            return [
                Forgetting(description: "insert, `\(member.name)` of an approval") { change in
                    guard case .insertApproval(var record, let limits) = change else { return change }
                    member.copy(&record, baseline)
                    return .insertApproval(record, within: limits)
                },
                Forgetting(description: "update, `\(member.name)` of an approval") { change in
                    guard case .updateApproval(var record) = change else { return change }
                    member.copy(&record, baseline)
                    return .updateApproval(record)
                },
            ]
        }
        + StorageConformance.certificateMembers.map { member in
            Forgetting(description: "`\(member.name)` of a certificate") { change in
                guard case .reserveSerialNumber(var record) = change else { return change }
                member.copy(&record, StorageConformance.certificate("base", of: "a"))
                return .reserveSerialNumber(record)
            }
        }
        + StorageConformance.claimMembers.map { member in
            Forgetting(description: "`\(member.name)` of an idempotency claim") { change in
                guard case .claimIdempotency(var record) = change else { return change }
                member.copy(&record, StorageConformance.claim("base"))
                return .claimIdempotency(record)
            }
        }
}
