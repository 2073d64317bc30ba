extension Schema {
    /// The audit log is asked for one kind or one edge's lines, of which there may be none among 100,000.
    static let auditIndices = """
        CREATE INDEX audit_kind ON audit(network, kind, id);
        CREATE INDEX audit_subject ON audit(network, subject, id);
        """
}
