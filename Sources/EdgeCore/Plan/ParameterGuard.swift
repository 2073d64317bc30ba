/// Whether changed NS or SOA parameters may go out (I9).
public enum ParameterGuard {
    /// What holds for this round.
    public struct Ruling: Hashable, Sendable {
        /// The parameters in effect.
        public var dns: DNSSettings
        public var hold: Hold?
        public var usedApproval: String?
    }

    /// The configured parameters, or the published ones while the change waits for approval.
    public static func rule(
        settings: NetworkSettings, state: NetworkState, approvesAll: Bool
    ) -> Ruling {
        var dns = settings.dns
        guard let published = state.publishedDNS, published.authority != dns.authority else {
            return Ruling(dns: dns)
        }
        let hold = Hold.parameters(from: published.authority, to: dns.authority)
        if let key = hold.approvalKey, state.approvals.contains(key) {
            return Ruling(dns: dns, usedApproval: key)
        }
        guard !approvesAll else { return Ruling(dns: dns) }
        dns.takeAuthority(from: published)
        return Ruling(dns: dns, hold: hold)
    }
}

extension DNSSettings {
    /// NS and SOA parameters as one line: what the guard compares and shows.
    public var authority: String {
        "NS \(nameServers.joined(separator: " ")) SOA \(primary) \(mailbox) \(soa.refresh) "
            + "\(soa.retry) \(soa.expire) \(soa.minimum) TTL \(soa.ttl)"
    }

    /// Takes NS and SOA parameters from other settings, and leaves the rest.
    mutating func takeAuthority(from other: DNSSettings) {
        nameServers = other.nameServers
        primary = other.primary
        mailbox = other.mailbox
        soa = other.soa
    }
}
