#!/usr/bin/env python3
"""Whether a daemon's memory stays flat over many rounds: 100,000 by default, a day and more of rounds a second apart, at 100 times the speed.

Usage: soak.py BINARY [--rounds N] [--speed N] [--edges N] [--zones N]

The daemon is the program itself, its clocks and waits are shortened by fast_time.c (preloaded; needs cc). nginx answers for its edges; every
few hundred rounds one begins or ceases to fail, so that rotations, publications, alarms and history have work. A reader listens to the page's
events, another asks for a page, the API and the metrics now and then. Memory is the kernel's own figure (/proc): all that is resident, and of it
what is the process's own (RssAnon), without the program's and SQLite's files.
"""
import argparse
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

from daemon import free_port, memory, processor_seconds, wait

HERE = pathlib.Path(__file__).resolve().parent


def lay_out(folder, arguments, port, page):
    for name in ("zones", "includes", "nginx", "down"):
        (folder / name).mkdir()
    (folder / "object.txt").write_text("edgemanage test object\n")
    edges = [f"127.9.0.{number + 1}" for number in range(arguments.edges)]
    (folder / "edges").write_text("\n".join(edges) + "\n")
    for number in range(arguments.zones):
        (folder / "includes" / f"z{number}.example.zone").write_text("mail 3600 IN A 192.0.2.25\n@ 3600 IN MX 10 mail\n")
    (folder / "edgemanage.yaml").write_text(f"""version: 1
object: {{url: "http://www.example.test:{port}/object.txt", local: object.txt}}
probe: {{interval: 1s, timeout: 3s, families: [ipv4]}}
judge: {{rule: steady, good_enough: 1s}}
dns: {{primary: ns1.example.net., mailbox: h@example.net, name_servers: [ns1.example.net.], rotate: [www]}}
publish: {{directory: zones}}
state: {{database: edgemanage.db}}
log: edgemanage.log
metrics: {{file: edgemanage.prom}}
server: {{listen: "127.0.0.1:{page}"}}
alarms:
  receivers: [{{name: nobody, kind: command, command: [/bin/true]}}]
networks:
  web: {{edges: {{file: edges}}, live: 4, zones: includes}}
""")
    temporary = " ".join(
        f"{kind}_temp_path {folder}/nginx/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(f"""worker_processes 1; daemon off; error_log {folder}/nginx/log crit; pid {folder}/nginx/pid;
events {{ worker_connections 4000; }}
http {{ access_log off; {temporary} server {{ listen 0.0.0.0:{port}; root {folder};
  if (-f {folder}/down/$server_addr) {{ return 503; }} }} }}
""")
    return edges


def rounds(folder):
    with sqlite3.connect(f"file:{folder}/edgemanage.db?mode=ro", uri=True, timeout=10) as database:
        return database.execute("SELECT COALESCE(MAX(number), 0) FROM round").fetchone()[0]


def generations(folder):
    with sqlite3.connect(f"file:{folder}/edgemanage.db?mode=ro", uri=True, timeout=10) as database:
        return database.execute("SELECT COALESCE(MAX(number), 0) FROM generation").fetchone()[0]


def listen(url, heard, done):
    """Reads the page's events as a browser does, anew when the stream ends."""
    while not done.is_set():
        try:
            with urllib.request.urlopen(url, timeout=60) as stream:
                while not done.is_set() and (line := stream.readline()):
                    heard[0] += len(line)
        except OSError:
            time.sleep(0.2)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--rounds", type=int, default=100_000)
    parser.add_argument("--speed", type=int, default=100)
    parser.add_argument("--edges", type=int, default=12)
    parser.add_argument("--zones", type=int, default=20)
    arguments = parser.parse_args()
    binary = os.path.abspath(arguments.binary)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        os.chmod(folder, 0o755)
        library = folder / "fast_time.so"
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", str(library), str(HERE / "fast_time.c"), "-ldl"], check=True)
        port, page = free_port(), free_port()
        edges = lay_out(folder, arguments, port, page)
        nginx = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf")])
        environment = dict(os.environ, LD_PRELOAD=str(library), FAST_TIME=str(arguments.speed))
        daemon = subprocess.Popen([binary, "watch", "-c", "edgemanage.yaml"], cwd=folder, env=environment)
        heard, done = [0], threading.Event()
        try:
            wait(lambda: len(os.listdir(folder / "zones")) == arguments.zones, "all zones are published")
            base = f"http://127.0.0.1:{page}"
            threading.Thread(target=listen, args=(f"{base}/events", heard, done), daemon=True).start()
            print("| rounds | memory, MiB | of it its own | descriptors | database, MiB | generations | events heard, kB | processor, ms a round |")
            print("|---|---|---|---|---|---|---|---|", flush=True)
            chance, step, said, before = random.Random(1), arguments.rounds // 10, 0, processor_seconds(daemon.pid)
            now = 0
            while now < arguments.rounds:
                now = rounds(folder)
                if daemon.poll() is not None:
                    sys.exit("the daemon ended")
                edge = folder / "down" / chance.choice(edges)
                edge.unlink() if edge.exists() else edge.touch()
                down = sorted(folder.glob("down/*"))
                if len(down) > arguments.edges // 3:
                    chance.choice(down).unlink()
                for path in ("/", "/api/v1/networks", "/metrics"):
                    urllib.request.urlopen(base + path, timeout=60).read()
                if now // step > said:
                    said = now // step
                    size = sum(os.stat(file).st_size for file in folder.glob("edgemanage.db*")) / 2**20
                    used = processor_seconds(daemon.pid)
                    print(f"| {now} | {memory(daemon.pid, 'VmRSS'):.1f} | {memory(daemon.pid, 'RssAnon'):.1f} "
                          f"| {len(os.listdir(f'/proc/{daemon.pid}/fd'))} | {size:.1f} | {generations(folder)} | {heard[0] // 1000} "
                          f"| {1000 * (used - before) / step:.2f} |", flush=True)
                    before = used
                time.sleep(0.5)
        finally:
            done.set()
            for process in (daemon, nginx):
                process.send_signal(signal.SIGTERM)
                process.wait()


if __name__ == "__main__":
    main()
