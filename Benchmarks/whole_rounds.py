"""Whole rounds of the program, from start to exit, as cron would run them.

Used by script/bench: every figure is taken from processes of their own, by the kernel's accounting.
"""

import json, os, random, shutil, subprocess, sys, tempfile, time

SHM = "/dev/shm"


class Round:
    """What one process came to."""

    def __init__(self, binary, words):
        started = time.monotonic()
        process = subprocess.Popen(
            [binary, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.wall = time.monotonic() - started
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss / 1024
        if process.returncode != 0:
            sys.exit(f"bench: {' '.join(words)} ended with {process.returncode}")
        self.view = json.loads(output.splitlines()[-1])


def address(index):
    return f"127.10.{index // 250}.{index % 250 + 1}"


class Cluster:
    """One network's configuration and files on tmpfs."""

    def __init__(self, binary, place, scheme, port, edges, zones=1, legacy=False, good_enough="1s"):
        self.binary = binary
        self.place = tempfile.mkdtemp(prefix="edgemanage-bench-", dir=SHM)
        for name in ("zones", "includes", "health", "prom"):
            os.mkdir(f"{self.place}/{name}")
        for index in range(zones):
            with open(f"{self.place}/includes/zone{index}.test.zone", "w") as file:
                file.write("@ 3600 IN MX 10 mail\nmail 3600 IN A 192.0.2.25\n"
                           "@ 3600 IN TXT \"v=spf1 mx -all\"\n")
        self.edges = [address(index) for index in range(edges)]
        with open(f"{self.place}/edges", "w") as file:
            file.write("\n".join(self.edges) + "\n")
        self.config = f"{self.place}/edgemanage.yaml"
        self.write(place, scheme, port, legacy, good_enough)

    def write(self, place, scheme, port, legacy, good_enough="1s"):
        old = "" if not legacy else f"""
legacy:
  health_store: health
  state_file: mynet.state
  live_list: mynet.live
  prometheus: prom
"""
        with open(self.config, "w") as file:
            file.write(f"""version: 1
object: {{url: "{scheme}://object.test:{port}/object", local: {place}/object, verify: {place}/ca.pem}}
judge: {{rule: classic, good_enough: {good_enough}, keep: window}}
dns:
  primary: ns1.dns.test.
  mailbox: hostmaster@dns.test
  name_servers: [ns1.dns.test., ns2.dns.test.]
  rotate: [www]
publish: {{directory: zones}}
state: {{database: state.db}}
log: edgemanage.log
{old}
networks:
  mynet: {{edges: edges, live: 4, zones: includes}}
""")

    def run(self):
        return Round(self.binary, ["run", "--config", self.config, "--force", "--json"])

    def remember(self, samples):
        """History as the original's files, which the next run takes over."""
        now = int(time.time())
        for edge in self.edges:
            times = {str(now - 60 * (samples - index)): round(random.uniform(0.01, 0.4), 6)
                     for index in range(samples)}
            with open(f"{self.place}/health/{edge}.edgestore", "w") as file:
                json.dump({"comment": "", "fetch_times": times, "health": "pass_threshold",
                           "historical_average": {}, "mode": "available", "rotation_history": [],
                           "state": "out", "state_entry_time": 0}, file)

    def remove(self):
        shutil.rmtree(self.place)


def count_alike(cluster):
    words = ["status", "--config", cluster.config, "--json"]
    output = subprocess.run([cluster.binary, *words], capture_output=True, text=True).stdout
    edges = json.loads(output)["edges"]
    return sum(edge["health"] == "pass_threshold" for edge in edges) * 100 / len(edges)


def measure(note, binary, place, plain, secure, limits):
    """One turn of everything; `note` takes a name and a value, `limits` are wrk's of this turn."""
    for scheme, port, count in [("http", plain, 1000), ("http", plain, 5000), ("https", secure, 1000)]:
        cluster = Cluster(binary, place, scheme, port, count)
        cluster.run()
        result = cluster.run()
        cost = result.cpu * 1000 / count
        note(f"{scheme}: {count} edges, whole round, CPU ms a probe", cost)
        note(f"{scheme}: {count} edges, whole round, times wrk", cost / limits[scheme])
        note(f"{scheme}: {count} edges, whole round, wall s", result.wall)
        note(f"{scheme}: {count} edges, whole round, peak MiB", result.peak)
        note(f"{scheme}: {count} edges, whole round, judged alike %", count_alike(cluster))
        cluster.remove()
    small = Cluster(binary, place, "http", plain, 20)
    small.run()
    note("20 HTTP edges, start to exit, ms", small.run().wall * 1000)
    small.remove()
    history(note, binary, place, plain)
    zones(note, binary, place, plain)


def history(note, binary, place, port):
    bare = Cluster(binary, place, "http", port, 1000)
    bare.run()
    base = bare.run()
    bare.remove()
    full = Cluster(binary, place, "http", port, 1000, legacy=True)
    full.remember(2000)
    full.run()
    old = full.run()
    note("1000 edges, 2000 samples each, old files written, wall s", old.wall)
    full.write(place, "http", port, legacy=False)
    full.run()
    with_history = full.run()
    note("1000 edges, 2000 samples each, CPU against none", with_history.cpu / base.cpu)
    note("1000 edges, 2000 samples each, wall against none", with_history.wall / base.wall)
    full.remove()


def zones(note, binary, place, port):
    many = Cluster(binary, place, "http", port, 20, zones=10_000)
    first = many.run()
    assert first.view["written"] == 10_000, first.view["written"]
    note("10000 zones, first publication, wall s", first.wall)
    note("10000 zones, first publication, peak MiB", first.peak)
    again = many.run()
    assert again.view["written"] == 0
    note("10000 zones, unchanged round, wall s", again.wall)
    many.remove()
