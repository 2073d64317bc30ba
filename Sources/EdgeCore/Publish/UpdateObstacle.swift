extension ServedFault {
    /// Why a zone that was answered for so can't be updated, and what to do: one sentence without the
    /// server's and the zone's names.
    ///
    /// Nil for what may pass by itself: silence, a zone that is still being loaded (SERVFAIL), an answer that
    /// somebody else may have sent.
    public func obstacle(on kind: NameServerKind) -> String? {
        switch self {
        case .answered(let code):
            // RFC 2136 §3.1.1 and RFC 1034 §4.3.2: the codes of who has no such zone.
            guard ["REFUSED", "NXDOMAIN", "NOTAUTH"].contains(code) else { return nil }
            return missing(on: kind)
        case .notAuthoritative: return missing(on: kind)
        case .alias: return "it \(self)"
        case .silent, .unreachable, .malformed, .unconfirmed: return nil
        }
    }

    private func missing(on kind: NameServerKind) -> String {
        let answer = if case .answered(let code) = self { code } else { "no authority" }
        return
            "it does not serve the zone (\(answer)): \(kind.creation), or remove the zone's include and "
            + "give it up by edgemanage zone forget"
    }
}

extension NameServerKind {
    /// How a zone that takes updates is made, in words that follow a colon (docs/servers).
    fileprivate var creation: String {
        switch self {
        case .bind:
            "create it there (a zone with an update-policy for the key in named.conf, then rndc reconfig)"
        case .knot:
            "create it there (a zone with an acl for the key in knot.conf, then knotc reload)"
        case .powerdns:
            "create it there (pdnsutil create-zone, then pdnsutil set-meta TSIG-ALLOW-DNSUPDATE for the "
                + "key)"
        case .nsd, .other: "create it there, and allow the key to update it"
        }
    }
}
