import Foundation
import Testing

/// Every configuration of docs/servers works as it stands: pasted into Debian's own files, on port 53, in
/// namespaces that nobody else sees.
@Suite(
    .serialized,
    .enabled(if: PastedPage.canBePasted, "namespaces can't be made here"))
struct PastedConfigurationTests {
    @Test(arguments: [
        ("bind", "By zone files"), ("bind", "By dynamic updates"), ("knot", "By zone files"),
        ("knot", "By dynamic updates"), ("nsd", nil), ("powerdns", "By zone files"),
        ("powerdns", "By dynamic updates"),
    ])
    func aPageWorksWhenPasted(page: String, section: String?) async throws {
        let text = try String(
            contentsOf: CommandBench.root.appending(path: "docs/servers/\(page).md"),
            encoding: .utf8)
        let steps = PastedPage(text, section: section)
        #expect(steps.steps.count >= 6)
        try await CommandBench.with(edges: 0) { bench in
            try bench.write("world.sh", Self.world)
            try bench.write("page.sh", steps.script)
            let ending = try await bench.tool([
                "unshare", "-m", "-n", "-p", "-f", "--mount-proc", "--kill-child", "sh",
                bench.path("world.sh"), CommandBench.program, bench.path("page.sh"),
            ])
            #expect(ending.status == 0, "\(ending.everything)")
            // What dig(1) says at the page's end: the live edges.
            let last = Set(ending.output.split(separator: "\n").suffix(2))
            let edges: Set<Substring> = ["192.0.2.11", "192.0.2.12", "192.0.2.13"]
            #expect(last.count == 2 && last.isSubset(of: edges), "\(ending.everything)")
        }
    }

    /// A machine of its own: Debian's configurations, copied; three edges; and what systemd would start.
    private static let world = """
        set -eu
        program=$1 page=$2
        scratch=$(mktemp -d)
        mount -t tmpfs none "$scratch"
        mkdir "$scratch/bin" "$scratch/etc" "$scratch/lib"
        cp -a /etc/. "$scratch/etc"
        mount --bind "$scratch/etc" /etc
        for name in bind knot nsd powerdns; do
            if [ -d /var/lib/$name ]; then cp -a /var/lib/$name "$scratch/lib"; fi
        done
        mount --bind "$scratch/lib" /var/lib
        mount -t tmpfs none /run
        mkdir /run/named /run/knot /run/nsd /run/pdns
        for pair in bind:named knot:knot nsd:nsd pdns:pdns; do
            chown "${pair%:*}" "/run/${pair#*:}" 2>/dev/null || true
        done
        cp "$program" "$scratch/bin/edgemanage"
        PATH=$scratch/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
        ip link set lo up
        for number in 11 12 13; do ip address add 192.0.2.$number/32 dev lo; done
        perl -MIO::Socket::INET -e '
            my $server = IO::Socket::INET->new(LocalPort => 80, Listen => 20, ReuseAddr => 1) or die;
            while (1) {
                my $client = $server->accept or next;
                while (<$client>) { last if /^\\r?$/ }
                my $body = "edgemanage test object\\n";
                print $client "HTTP/1.1 200 OK\\r\\nContent-Length: ", length $body, "\\r\\n\\r\\n", $body;
            }' &
        ready() {
            for attempt in $(seq 600); do
                if "$@" >/dev/null 2>&1; then return; fi
                sleep 0.05
            done
            echo "not ready: $*" >&2
            exit 1
        }
        ready perl -MIO::Socket::INET -e 'exit !IO::Socket::INET->new("192.0.2.11:80")'
        systemctl() {
            case $2 in
            named) named -f -u bind & ready rndc status ;;
            knot) knotd & ready knotc status ;;
            nsd) nsd -d -P "" & ready nsd-control status ;;
            pdns)
                pdns_server --guardian=no --daemon=no --disable-syslog --log-timestamp=no \\
                    --write-pid=no --setuid=pdns &
                ready pdns_control rping
                ;;
            esac
        }
        . "$page"

        """
}
