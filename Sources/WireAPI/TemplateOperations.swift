/// A template in the API.
public struct TemplateShape: Codable, Sendable, Hashable {
    public var arn: String
    /// `END_ENTITY`, `SUBORDINATE_CA` or `ROOT_CA`
    public var role: String
    /// The sources of extensions that the template does not define: `API`, `CSR`
    public var passthrough: [String]
    public var subjectFrom: String
    /// The extensions of the template, in order.
    public var extensions: [Extension]
    /// The rules for requests, as sentences.
    public var rules: [String]

    public struct Extension: Codable, Sendable, Hashable {
        public var name: String
        public var critical: Bool
        public var value: String

        public init(name: String, critical: Bool, value: String) {
            self.name = name
            self.critical = critical
            self.value = value
        }
    }

    public init(
        arn: String, role: String, passthrough: [String], subjectFrom: String, extensions: [Extension],
        rules: [String]
    ) {
        self.arn = arn
        self.role = role
        self.passthrough = passthrough
        self.subjectFrom = subjectFrom
        self.extensions = extensions
        self.rules = rules
    }
}

public enum ListTemplatesOperation: WireOperation {
    public static let name = "ListTemplates"
    public static let service = WireService.signet

    public struct Input: Codable, Sendable, Constrained {
        public init() {}
        public func check(_ constraints: inout Constraints) {}
    }

    public struct Output: Codable, Sendable {
        public var templates: [TemplateShape]
        public init(templates: [TemplateShape]) { self.templates = templates }
    }
}
