/// Admission to professions: AdmissionSyntax (Common PKI Optional SigG-Profile 2.0, table 29b; ISO 17090-1).
public enum Admissions {
    /// Throws when the value of the extension is not an AdmissionSyntax.
    public static func check(derEncoded value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        if !reader.isAtEnd, reader.nextTag != .sequence { _ = try reader.generalName("admissionAuthority") }
        var list = DERReader(try reader.next(.sequence, "contentsOfAdmissions"), "contentsOfAdmissions")
        try reader.end()
        try list.forEach(.sequence, "admissions") { parts throws(SyntaxFault) in
            try parts.explicit(0, "admissionAuthority") { name throws(SyntaxFault) in
                _ = try name.generalName("name")
            }
            try parts.explicit(1, "namingAuthority", checkNamingAuthority)
            var professions = DERReader(
                try parts.next(.sequence, "professionInfos"), parts.within("professionInfos"))
            try professions.forEach(.sequence, "professionInfo", checkProfession)
        }
    }

    private static func checkProfession(_ parts: inout DERReader) throws(SyntaxFault) {
        try parts.explicit(0, "namingAuthority", checkNamingAuthority)
        var items = DERReader(try parts.next(.sequence, "professionItems"), parts.within("professionItems"))
        if items.isAtEnd { throw SyntaxFault(place: items.place, problem: "is empty") }
        while !items.isAtEnd { try items.directoryString("item") }
        if let oids = try parts.optional(.sequence, "professionOIDs") {
            var list = DERReader(oids, parts.within("professionOIDs"))
            while !list.isAtEnd { _ = try list.objectIdentifier("oid") }
        }
        if parts.nextTag == .printableString { try parts.string(.printableString, "registrationNumber") }
        _ = try parts.optional(.octetString, "addProfessionInfo")
    }

    /// `NamingAuthority ::= SEQUENCE { id OPTIONAL, url IA5String OPTIONAL, text DirectoryString OPTIONAL }`
    private static func checkNamingAuthority(_ tagged: inout DERReader) throws(SyntaxFault) {
        try tagged.sequence("namingAuthority") { parts throws(SyntaxFault) in
            if parts.nextTag == .objectIdentifier { _ = try parts.objectIdentifier("namingAuthorityId") }
            if parts.nextTag == .ia5String { try parts.string(.ia5String, "namingAuthorityUrl") }
            if !parts.isAtEnd { try parts.directoryString("namingAuthorityText") }
        }
    }
}
