internal import PKIX
internal import X509

enum QCStatementsLint {
    static let rule = LintRule("RFC 3739, section 3.2.6", "qcStatements") { subject in
        // RFC 3739, section 3.2.6: QCStatements ::= SEQUENCE OF QCStatement.
        subject.entry(.X509ExtensionID.qcStatements).flatMap {
            LintRule.syntaxProblem($0, QCStatements.check)
        }
    }
}
