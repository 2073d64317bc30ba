"""Publishing to a real BIND on loopback: thousands of zones, verified by asking.

    python3 Benchmarks/name_servers.py PROGRAM [ZONES] [DIRECTORY]

Used by script/bench; DIRECTORY decides which file system the zones are durable on. The rotations with 100
generations kept are preceded by 100 others: at 10,000 zones they take some minutes.
"""

import http.server, json, os, shutil, socket, subprocess, sys, tempfile, threading, time

OBJECT = b"the object that every edge serves\n"
KEY = 'key "%s" { algorithm hmac-sha256; secret "c2l4dGVlbiBieXRlcyBvciBtb3JlIG9mIHRlc3Qga2V5"; };\n'


class Edge(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(OBJECT)))
        self.end_headers()
        self.wfile.write(OBJECT)

    def log_message(self, *words):
        pass


def edges(count):
    """Servers on 127.11.0.x, all at one port."""
    servers, port = [], 0
    for index in range(count):
        server = http.server.ThreadingHTTPServer((f"127.11.0.{index + 1}", port), Edge)
        port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
    return servers, port


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class BIND:
    def __init__(self, place, zones, dynamic):
        self.place, self.port, control = place, free_port(), free_port()
        os.makedirs(f"{place}/work")
        for name in ("rndc", "update"):
            with open(f"{place}/{name}.key", "w", opener=lambda p, f: os.open(p, f, 0o600)) as file:
                file.write(KEY % name)
        with open(f"{place}/rndc.conf", "w") as file:
            file.write(f'include "{place}/rndc.key"; options {{ default-key "rndc"; '
                       f'default-server 127.0.0.1; default-port {control}; }};\n')
        policy = " update-policy { grant update zonesub ANY; };" if dynamic else ""
        with open(f"{place}/named.conf", "w") as file:
            file.write(f"""include "{place}/rndc.key"; include "{place}/update.key";
controls {{ inet 127.0.0.1 port {control} allow {{ 127.0.0.1; }} keys {{ "rndc"; }}; }};
options {{ directory "{place}/work"; pid-file "{place}/named.pid"; session-keyfile "{place}/s.key";
 lock-file none; listen-on port {self.port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }}; recursion no;
 empty-zones-enable no; dnssec-validation no; notify no; managed-keys-directory "{place}/work"; }};
""")
            for zone, path in zones:
                file.write(f'zone "{zone}" {{ type primary; file "{path}";{policy} }};\n')
        self.control = ["rndc", "-c", f"{place}/rndc.conf"]
        self.process = subprocess.Popen(["named", "-4", "-f", "-c", f"{place}/named.conf"])
        while subprocess.run(self.control + ["status"], capture_output=True).returncode:
            if self.process.poll() is not None:
                sys.exit("bench: named ended")
            time.sleep(0.02)

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Bench:
    def __init__(self, program, directory):
        self.program = program
        self.place = tempfile.mkdtemp(prefix="edgemanage-bench-", dir=directory)
        self.servers, self.port = edges(4)
        os.makedirs(f"{self.place}/zones")
        os.makedirs(f"{self.place}/includes")
        with open(f"{self.place}/object", "wb") as file:
            file.write(OBJECT)

    def configure(self, publish):
        listed = ", ".join(f"127.11.0.{index + 1}" for index in range(4))
        with open(f"{self.place}/edgemanage.yaml", "w") as file:
            file.write(f"""version: 1
object: {{url: "http://object.test:{self.port}/", local: object}}
probe: {{families: [ipv4]}}
judge: {{rule: classic}}
dns: {{primary: ns1.dns.test., mailbox: h@dns.test, name_servers: [ns1.dns.test.], rotate: [www]}}
publish:
  directory: zones
{publish}
state: {{database: edgemanage.db}}
log: log
networks:
  net: {{edges: [{listed}], live: 2, budget: 1000, zones: includes}}
""")

    def include(self, index, text):
        with open(f"{self.place}/includes/z{index}.test.zone", "w") as file:
            file.write(text)

    def run(self, *words):
        started = time.monotonic()
        done = subprocess.run(
            [self.program, "run", "-c", f"{self.place}/edgemanage.yaml", "--force", "--json",
             *words], capture_output=True, text=True)
        took = time.monotonic() - started
        if done.returncode:
            sys.exit(f"bench: {done.stdout}{done.stderr}")
        return took, json.loads(done.stdout.splitlines()[-1])

    def mode(self, mode, edge):
        subprocess.run([self.program, "edge", "set", "-c", f"{self.place}/edgemanage.yaml", mode,
                        edge, "-m", "bench"], check=True, capture_output=True)

    def rotate(self):
        """Another live set, at an operator's word; the same edges take turns."""
        live = json.loads(subprocess.run(
            [self.program, "status", "-c", f"{self.place}/edgemanage.yaml", "--json"],
            check=True, capture_output=True, text=True).stdout)["live"]
        for index in range(4):
            self.mode("available", f"127.11.0.{index + 1}")
        self.mode("unavailable", live[0])

    def close(self):
        for server in self.servers:
            server.shutdown()
        shutil.rmtree(self.place)


def rotation(program, zones, kept, directory):
    """A rotation of all zones, no server told, once so many generations of all of them are kept."""
    bench = Bench(program, directory)
    for index in range(zones):
        bench.include(index, "@ 3600 IN MX 10 mail\nmail 3600 IN A 192.0.2.25\n")
    bench.configure(f"  generations: {kept}")
    bench.run()
    times = []
    # From the time that there are enough, each new one takes the place of the oldest.
    for _ in range(kept + 3):
        bench.rotate()
        took, view = bench.run()
        assert view["written"] == zones, view
        times.append(took)
    bench.close()
    return sorted(times[-3:])[1]


def measure(program, zones=10_000, dynamic=1_000, directory="/var/tmp"):
    """Figures by name, in seconds."""
    figures = {}
    bench = Bench(program, directory)
    plain = "@ 3600 IN MX 10 mail\nmail 3600 IN A 192.0.2.25\n"
    for index in range(zones):
        bench.include(index, plain)
    bench.configure("")
    figures["first publication, no server"], view = bench.run()
    assert view["written"] == zones, view
    files = [(f"z{i}.test", f"{bench.place}/zones/z{i}.test.zone") for i in range(zones)]
    server = BIND(f"{bench.place}/bind", files, dynamic=False)
    control = ", ".join(f'"{word}"' for word in server.control)
    try:
        bench.configure(f"  servers:\n    - {{kind: bind, address: 127.0.0.1, port: {server.port}, "
                        f"control: [{control}]}}")
        bench.run("--wait")
        figures["unchanged, all asked"], view = bench.run("--wait")
        assert view["written"] == 0, view
        for index in range(zones // 100):
            bench.include(index * 100, plain + "new 60 IN A 192.0.2.26\n")
        figures["1 % changed, served"], view = bench.run("--wait")
        assert view["written"] == zones // 100, view
        bench.rotate()
        figures["all changed, served"], view = bench.run("--wait")
        assert view["written"] == zones, view
    finally:
        server.stop()
    bench.close()
    bench = Bench(program, directory)
    files = []
    for index in range(dynamic):
        bench.include(index, "")
        path = f"{bench.place}/zones/z{index}.test.zone"
        with open(path, "w") as file:
            file.write("$TTL 300\n@ IN SOA ns1.dns.test. h.dns.test. 1 43200 10800 1209600 300\n"
                       "@ IN NS ns1.dns.test.\n")
        files.append((f"z{index}.test", path))
    server = BIND(f"{bench.place}/bind", files, dynamic=True)
    try:
        bench.configure(f"  method: updates\n  servers:\n    - {{kind: bind, address: 127.0.0.1, "
                        f"port: {server.port}, update: {{key: {server.place}/update.key}}}}")
        bench.run("--wait")
        bench.rotate()
        figures[f"{dynamic} zones updated, served"], view = bench.run("--wait")
        assert view["written"] == dynamic, view
    finally:
        server.stop()
    bench.close()
    # A hundred rotations of all zones would take many minutes: a tenth of them shows the same.
    few = max(1, zones // 10)
    for kept in (3, 100):
        figures[f"{few} zones rotate, {kept} generations kept"] = rotation(
            program, few, kept, directory)
    return figures


if __name__ == "__main__":
    zones = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    place = sys.argv[3] if len(sys.argv) > 3 else "/var/tmp"
    for name, seconds in measure(sys.argv[1], zones, zones // 10, place).items():
        print(f"{name:42s} {seconds:7.2f} s", flush=True)
