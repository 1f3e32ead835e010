internal import JSON
internal import OctetText

/// Reads `Principal` and `NotPrincipal` of statements in resource policies.
extension PolicyReader {
    func principals(
        _ members: JSONObject, _ effect: Statement.Effect, at path: String
    ) throws(PolicyFault) -> PrincipalSelection? {
        guard form == .resource else { return nil }
        let (key, isNegated) = try choice("Principal", in: members, at: path)
        if isNegated, effect == .allow {
            // IAM: an Allow with NotPrincipal allows every principal that it does not name.
            throw PolicyFault(path: "\(path).NotPrincipal", reason: "goes with `Deny` only")
        }
        if members[key] == "*" {
            if isNegated { try refuseToSpareAll(at: "\(path).\(key)") }
            return PrincipalSelection(entries: [.everybody], isNegated: isNegated)
        }
        let kinds = try self.members(
            of: members[key] ?? .null, at: "\(path).\(key)", known: ["AWS", "Service"])
        var entries: [PrincipalSelection.Entry] = []
        if let value = kinds["AWS"] {
            for text in try strings(value, at: "\(path).\(key).AWS") {
                entries.append(try entry(text, at: "\(path).\(key).AWS"))
            }
        }
        if let value = kinds["Service"] {
            for text in try strings(value, at: "\(path).\(key).Service") {
                guard text.hasOctetSuffix(".amazonaws.com") else {
                    throw PolicyFault(
                        path: "\(path).\(key).Service", reason: "`\(text)` is not the name of a service")
                }
                entries.append(.service(text))
            }
        }
        guard !entries.isEmpty else {
            throw PolicyFault(path: "\(path).\(key)", reason: "names no principal")
        }
        if isNegated, entries.contains(.everybody) { try refuseToSpareAll(at: "\(path).\(key).AWS") }
        return PrincipalSelection(entries: entries, isNegated: isNegated)
    }

    private func refuseToSpareAll(at path: String) throws(PolicyFault) {
        guard !isStored else { return }
        throw PolicyFault(
            path: path, reason: "`*` spares every principal; name the accounts, roles and users to spare")
    }

    private func entry(_ text: String, at path: String) throws(PolicyFault) -> PrincipalSelection.Entry {
        if text == "*" { return .everybody }
        if ARN.isAccount(text) { return .account(text) }
        if !isStored, text.containsOctets("${") {
            throw PolicyFault(
                path: path,
                reason:
                    "`\(text)` can match no principal: principals have no policy variables; compare `aws:PrincipalArn` in a condition"
            )
        }
        guard let arn = ARN(text), arn.service == "iam", arn.region.isEmpty, ARN.isAccount(arn.account),
            !text.containsOctet("*"), !text.containsOctet("?")
        else {
            throw PolicyFault(
                path: path,
                reason:
                    "`\(text)` can match no principal; name an account, or the whole ARN of a role or user")
        }
        if !isStored, let partition, !arn.partition.equalsOctets(partition) {
            throw PolicyFault(
                path: path,
                reason:
                    "`\(text)` can match no principal: its partition is not that of this daemon; write `arn:\(partition):iam::…`"
            )
        }
        if arn.resource == "root" { return .account(arn.account) }
        guard arn.resource.hasOctetPrefix("role/") || arn.resource.hasOctetPrefix("user/") else {
            throw PolicyFault(path: path, reason: "`\(text)` is neither a role nor a user")
        }
        if !isStored, !Self.isName(arn.resource) {
            throw PolicyFault(
                path: path,
                reason:
                    "`\(text)` can match no principal: the name of a role or user has letters, digits and `_+=,.@-`, after its path if it has one"
            )
        }
        return .principal(arn)
    }

    /// IAM API Reference, CreateRole: `RoleName` has the pattern `[\w+=,.@-]+`, and `Path` printable ASCII
    /// between slashes.
    private static func isName(_ resource: String) -> Bool {
        let pieces = resource.pieces(at: "/").dropFirst()
        guard let name = pieces.last, !pieces.contains(where: \.isEmpty) else { return false }
        return pieces.dropLast().allSatisfy { $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } }
            && name.utf8.allSatisfy { octet in
                switch octet {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "_+=,.@-".utf8.contains(octet)
                }
            }
    }
}
