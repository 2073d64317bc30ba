import Foundation
import Testing

/// Every command of docs/handbook.md, in its order, on a machine of its own with BIND and edges that come and go.
@Suite(
    .serialized,
    .enabled(if: PastedPage.canBePasted, "namespaces can't be made here"))
struct HandbookTests {
    @Test(.timeLimit(.minutes(5))) func everyCommandWorks() async throws {
        let text = try String(
            contentsOf: CommandBench.root.appending(path: "docs/handbook.md"), encoding: .utf8)
        let steps = PastedPage(text, section: nil)
        let commands = steps.steps.count { if case .run = $0 { true } else { false } }
        #expect(commands >= 15)
        // Rounds of a second, so that nobody waits for them.
        let script = steps.script.replacing("interval: 30s", with: "interval: 1s")
        #expect(script.contains("interval: 1s"))
        try await CommandBench.with(edges: 0) { bench in
            try bench.write("world.sh", Self.world)
            try bench.write("page.sh", "set -x\n" + script)
            let ending = try await bench.tool([
                "unshare", "-m", "-n", "-p", "-f", "--mount-proc", "--kill-child", "sh",
                bench.path("world.sh"), CommandBench.program, bench.path("page.sh"),
            ])
            #expect(ending.status == 0, "\(ending.everything)")
            // What it says when it is read aloud.
            for words in [
                "2 of 2 live; at least", "Set mode for 192.0.2.11 to unavailable for 2h",
                "safe to drain? yes", "seems to be the sick one", "192.0.2.25",
            ] {
                #expect(ending.output.contains(words), "\(words) is missing: \(ending.output)")
            }
        }
    }

    private static let world = """
        set -eu
        program=$1 page=$2
        scratch=$(mktemp -d)
        mount -t tmpfs none "$scratch"
        mkdir "$scratch/bin" "$scratch/etc" "$scratch/lib" "$scratch/log" "$scratch/edges"
        cp -a /etc/. "$scratch/etc"
        mount --bind "$scratch/etc" /etc
        cp -a /var/lib/bind "$scratch/lib"
        mount --bind "$scratch/lib" /var/lib
        mount --bind "$scratch/log" /var/log
        mount -t tmpfs none /run
        mkdir /run/named
        chown bind:bind /run/named
        cp "$program" "$scratch/bin/edgemanage"
        PATH=$scratch/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
        ip link set lo up
        ready() {
            for attempt in $(seq 1200); do
                if "$@" >/dev/null 2>&1; then return; fi
                sleep 0.05
            done
            echo "not ready: $*" >&2
            exit 1
        }
        start_edge() {
            perl -MIO::Socket::INET -e '
                my $server = IO::Socket::INET->new(
                    LocalAddr => $ARGV[0], LocalPort => 80, Listen => 20, ReuseAddr => 1) or die;
                while (1) {
                    my $client = $server->accept or next;
                    while (<$client>) { last if /^\\r?$/ }
                    my $body = "edgemanage test object\\n";
                    print $client "HTTP/1.1 200 OK\\r\\nContent-Length: ", length $body, "\\r\\n\\r\\n", $body;
                }' "192.0.2.$1" &
            echo $! > "$scratch/edges/$1"
            ready perl -MIO::Socket::INET -e 'exit !IO::Socket::INET->new("$ARGV[0]:80")' "192.0.2.$1"
        }
        stop_edge() {
            kill "$(cat "$scratch/edges/$1")"
            wait "$(cat "$scratch/edges/$1")" || true
        }
        for number in 11 12 13 14; do
            ip address add 192.0.2.$number/32 dev lo
            start_edge $number
        done
        systemctl() {
            case "$1 $2" in
            "restart named") named -f -u bind & ready rndc status ;;
            "start edgemanage")
                edgemanage watch &
                daemon=$!
                ready sh -c 'edgemanage status | grep -q "2 of 2 live"'
                ;;
            "stop edgemanage") kill $daemon; wait $daemon ;;
            esac
        }
        . "$page"

        """
}
