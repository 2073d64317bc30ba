/// The configuration that `edgemanage init` writes: every key with its meaning and default.
///
/// It is valid as it stands; its names are those set aside for examples (RFC 2606, RFC 5737).
public enum ConfigurationTemplate {
    /// Values that an operator may give `edgemanage init` right away.
    public struct Answers: Hashable, Sendable {
        public var objectURL: String
        public var network: NetworkName?
        public var edges: [EdgeName]
        public var liveCount: Int

        /// Without answers the template speaks of example names.
        public init(
            objectURL: String = "https://www.example.net/edgetest.txt", network: NetworkName? = nil,
            edges: [EdgeName] = [], liveCount: Int = 2
        ) {
            self.objectURL = objectURL
            self.network = network
            self.edges = edges
            self.liveCount = liveCount
        }
    }

    /// The commented file.
    public static func text(_ answers: Answers = Answers()) -> String {
        head + object(answers) + probe + judge + dns + publish + state + server + alarms
            + networks(answers)
    }

    private static let head = """
        # Edgemanage: which edges are probed, how they are judged, and where the zones go.
        #
        # Check this file:      edgemanage check
        # Every key explained:  docs/configuration.md
        #
        # Paths are absolute, or relative to this file's directory. Durations have a unit: 700ms,
        # 10s, 5m, 1h, 14d. Every section but "networks" may also stand in a network, where its
        # keys win over those given here. A line that begins with "#" and a key shows its default,
        # or an example where it has none.
        version: 1


        """

    private static func object(_ answers: Answers) -> String {
        """
        # What every edge must return, byte for byte. The host goes into the Host header and the TLS
        # server name, and certificates are checked against it; the connection goes to the edge.
        object:
          url: \(Version1Text.quoted(answers.objectURL))
          # The reference copy.
          local: edgetest.txt
          # With true the system's certificates count, with a path this bundle; false checks nothing.
          # verify: true
          # Send the edge's own name in the Host header instead.
          # send_edge_name: false


        """
    }

    private static let probe = """
        probe:
          # The time from one round to the next, for the daemon.
          # interval: 60s
          # One deadline for name, connection, TLS, request and the whole body; at most 15s.
          # timeout: 10s
          # Attempts in all within the deadline; only failures to connect are tried again.
          # attempts: 3
          # Families that are probed, judged and published, each apart.
          # families: [ipv4, ipv6]
          # The least number of probes in flight; more are made when there are many edges.
          # concurrency: 1
          # user_agent: Edgemanage/1
          # Addresses that are no edges and nearly always there: when they can't be reached, it is
          # this monitor's network that is sick, and nothing is changed for health's sake.
          references: []
          # references: ["192.0.2.53:53", "[2001:db8::53]:53"]


        """

    private static let judge = """
        judge:
          # With steady an edge goes down for what it does repeatedly, at once for wrong content, and
          # comes up when it was clean for a while. With classic the original's classes count.
          rule: steady
          # The fetch time under which an edge is simply fine.
          good_enough: 2s
          # For classic alone: with window a live edge stays while the mean of its last minutes is good
          # enough too; with threshold only while its last fetch is, as in the original.
          # keep: window
          # How far back that mean looks.
          # window: 5m
          # How many samples are kept of each edge; at most 2000.
          # samples: 2000
          # The numbers that steady goes by.
          # steady:
          #   # Attempts a round, each with its own deadline, so far apart, all within round_time.
          #   attempts: 4
          #   attempt_timeout: 2800ms
          #   attempt_pause: 1s
          #   round_time: 15s
          #   # Whether slow answers and answers of 500 to 599 are tried again too.
          #   retry_slow: true
          #   retry_server_errors: true
          #   # How much an attempt weighs in the failure score, and the score above which an edge is down.
          #   score_weight: 0.12
          #   down_score: 0.35
          #   # The same over a longer time, slow answers included; from watch_score on all attempts are made.
          #   slow_score_weight: 0.03
          #   slow_down_score: 0.1
          #   watch_score: 0.02
          #   # Wholly failed rounds in a row after which an edge is down.
          #   failed_rounds: 2
          #   # It is too slow when the median of so many fetch times is not good enough.
          #   median_of: 7
          #   median_at_least: 4
          #   # It comes up below this score, its median below this share of good_enough, after so many
          #   # clean rounds, more of them for one that went down lately.
          #   up_score: 0.1
          #   return_share: 0.85
          #   clean_rounds: 2
          #   penalty_half_life: 30
          #   penalty_limit: 8
          #   # After so many it may take a place that nobody who is up can take.
          #   recall_rounds: 1
          #   # Spares are ranked by their smoothed fetch time, and by how often they failed over days.
          #   fetch_time_weight: 0.1
          #   fetch_time_limit: 2s
          #   memory_weight: 0.0005
          #   memory_cost: 10


        """

    private static let dns = """
        dns:
          # The SOA's primary name server and mailbox.
          primary: ns1.example.net.
          mailbox: hostmaster@example.net
          name_servers:
            - ns1.example.net.
            - ns2.example.net.
          # Labels that hand out the live edges besides the zone's own name.
          rotate: [www]
          # With a TTL of its own for a name:
          # rotate: [www, {name: static, ttl: 60s}]
          # The TTL of NS and address records.
          # ttl: 5m
          # soa:
          #   ttl: 5m
          #   refresh: 12h
          #   retry: 3h
          #   expire: 14d
          #   # How long resolvers remember that a name does not exist.
          #   negative: 5m
          # The largest answer in bytes; a live set whose answer is larger is refused.
          # maximum_answer: 1232
          # What name servers sign the zones with (DNSSEC), which makes answers larger: ecdsa, rsa, none.
          # signed: none


        """

    private static let publish = """
        publish:
          # Where the name server reads its zones: <zone>.zone for each.
          directory: /var/lib/edgemanage/zones
          # Asked about each zone file before it is published, with zone and file as last arguments.
          # checker: [named-checkzone, -q]
          # Run after a round that changed a zone, and again until it succeeds.
          # reload: rndc reload
          # Better: name the servers. Each is told of changed zones in its own way, and asked whether it
          # serves them (docs/name-servers.md). kind: bind, knot, nsd, powerdns or other.
          # servers:
          #   - name: ns1
          #     kind: bind
          #     address: 192.0.2.53
          #     port: 53
          #     control: [rndc, -c, /etc/bind/rndc.conf]
          #     new_zones: '{ type primary; file "{file}"; };'
          #     serials: ours
          #     rate: 20
          #     # With method: updates, in place of control and new_zones:
          #     # update: {key: /etc/edgemanage/update.key, exclusive: false}
          # files, or updates (RFC 2136) of the rotated names alone.
          # method: files
          # How long "run --wait" waits for the name servers.
          # wait: 60s
          # How many published plans are kept for history, diff and rollback.
          # generations: 100
          # A zone template of your own (docs/templates.md); an example, not the default.
          # zone_template: zone.template
          # A catalog of all zones of one network (RFC 9432); an example, not the default.
          # catalog: catalog.example.net

        # Commands around each round: split at spaces, no shell, 30 seconds each.
        # commands:
        #   before: /usr/local/bin/before-round
        #   after: /usr/local/bin/after-round


        """

    private static let state = """
        state:
          database: /var/lib/edgemanage/edgemanage.db

        # How long what happened is remembered: sums of rounds over 5 minutes, an hour and a day, and
        # the audit log of decisions and commands.
        # history:
        #   minutes: 2d
        #   hours: 60d
        #   days: 800d
        #   audit: 400d

        # A file, or syslog.
        log: syslog

        # For Prometheus (docs/metrics.md): a text file that is written after each round, for node_exporter's
        # textfile collector, here an example; and whether it has the original's names too.
        # metrics:
        #   file: /var/lib/prometheus/node-exporter/edgemanage.prom
        #   original: false

        # The original's files, written after each round while they stand here.
        # legacy:
        #   health_store: /var/lib/edgemanage/health
        #   state_file: /var/lib/edgemanage/mynet.state
        #   live_list: /var/lib/edgemanage/mynet.live
        #   lock_file: /run/edgemanage.lock
        #   prometheus: /var/lib/prometheus/node-exporter


        """

    private static let server = """
        # How a daemon (edgemanage watch) is reached: commands on this machine through the socket, the
        # page, the API and metrics at the address. Only here, for all networks.
        # server:
        #   # By default edgemanage.sock beside the database.
        #   socket: /run/edgemanage/edgemanage.sock
        #   # Members of this group may give commands, besides root and the daemon's own user.
        #   group: edgemanage
        #   listen: 127.0.0.1:8053
        #   # Names that the page may be called by, besides addresses and localhost.
        #   hosts: [edgemanage.example.net]
        #   # A file with the token that allows commands through the page.
        #   token: /etc/edgemanage/token


        """

    private static func networks(_ answers: Answers) -> String {
        let examples = ["edge1.example.net", "edge2.example.net", "192.0.2.7"]
        let names = answers.edges.isEmpty ? examples : answers.edges.map(\.text)
        let network = answers.network?.text ?? "mynet"
        let list = names.map { "      - \(Version1Text.quoted($0))\n" }.joined()
        return """
            networks:
              \(Version1Text.quoted(network)):
                # The edges' names or addresses; or a file with one on each line: edges: edges/mynet
                edges:
            \(list)\
                # How many of them DNS hands out.
                live: \(answers.liveCount)
                # The fewest that are ever published; by default half of "live", rounded up.
                # min_live: \((answers.liveCount + 1) / 2)
                # How many edges may be replaced in any 10 minutes; by default twice "live".
                # budget: \(2 * answers.liveCount)
                # What edges can carry, in a unit of your own, and the busiest hour's load in the same unit: a slow
                # edge then stays rather than that a smaller one takes its place and is overloaded. A number alone
                # is every edge's. An example, not the default.
                # capacity:
                #   default: 400
                #   \(Version1Text.quoted(names[0])): 800
                # load: 600
                # The zones' own records: <zone>.zone for each zone, without SOA.
                zones: \(Version1Text.quoted("zones/\(network)"))
                # An address for one zone alone; or a file: canaries: canaries/mynet
                # canaries:
                #   example.org: 192.0.2.22
                # When this many canaries fail in a round, none is used.
                # canary_killer: 3

            """
    }
}
