/// Extensions of Windows' certificate services ([MS-WCCE], section 2.2.2.7.7).
enum MicrosoftExtensions {
    /// Certificate template: `SEQUENCE { templateID, templateMajorVersion OPTIONAL, templateMinorVersion OPTIONAL }`
    static func checkTemplate(_ value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        _ = try reader.objectIdentifier("templateID")
        for name in ["templateMajorVersion", "templateMinorVersion"] where !reader.isAtEnd {
            guard try reader.integer(name) <= UInt32.max else {
                throw SyntaxFault(place: name, problem: "is not a number of 32 bits")
            }
        }
        try reader.end()
    }

    /// The object of the directory: GeneralNames of one otherName, whose value is an OCTET STRING.
    static func checkSecurityIdentifier(_ value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        if reader.isAtEnd { throw SyntaxFault(place: "", problem: "is empty") }
        while !reader.isAtEnd {
            var name = DERReader(try reader.next(.constructedContext(0), "otherName"), "otherName")
            _ = try name.objectIdentifier("type-id")
            try name.explicit(0, "value") { value throws(SyntaxFault) in
                _ = try value.next(.octetString, "objectSid")
            }
            try name.end()
        }
    }
}
