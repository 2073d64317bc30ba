#!/usr/bin/env python3
"""What a daemon takes while nothing happens: 1,000 edges every 10 s and 10,000 zones, by default.

Usage: daemon.py BINARY [--edges N] [--zones N] [--interval S] [--seconds S]

nginx answers for all of 127.0.0.0/8 on a free port. The processor's time and the memory are the kernel's own figures (/proc) after two
rounds; beside them `status`, run ten times, and a process that does nothing, so that both are seen on the same machine in the same run.
"""
import argparse
import os
import pathlib
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait(condition, what):
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.1)
    sys.exit(f"waited in vain until {what}")


def lay_out(folder, arguments, port):
    for name in ("zones", "includes", "nginx"):
        (folder / name).mkdir()
    (folder / "object.txt").write_text("edgemanage test object\n")
    edges = [f"127.{1 + i // 62500}.{i // 250 % 250}.{i % 250 + 1}" for i in range(arguments.edges)]
    (folder / "edges").write_text("\n".join(edges) + "\n")
    for number in range(arguments.zones):
        (folder / "includes" / f"z{number}.example.zone").write_text(
            "mail 3600 IN A 192.0.2.25\n@ 3600 IN MX 10 mail\n")
    (folder / "edgemanage.yaml").write_text(f"""version: 1
object: {{url: "http://www.example.test:{port}/object.txt", local: object.txt}}
probe: {{interval: {arguments.interval}s, timeout: 3s, families: [ipv4]}}
judge: {{rule: steady, good_enough: 1s}}
dns: {{primary: ns1.example.net., mailbox: h@example.net, name_servers: [ns1.example.net.], rotate: [www]}}
publish: {{directory: zones}}
state: {{database: edgemanage.db}}
log: edgemanage.log
networks:
  web: {{edges: {{file: edges}}, live: 8, zones: includes}}
""")
    temporary = " ".join(
        f"{kind}_temp_path {folder}/nginx/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(f"""worker_processes 1; daemon off; error_log {folder}/nginx/log; pid {folder}/nginx/pid;
events {{ worker_connections 4000; }}
http {{ access_log off; {temporary} server {{ listen 0.0.0.0:{port}; root {folder}; }} }}
""")


def processor_seconds(process):
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(process, key):
    for line in pathlib.Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(key + ":"):
            return int(line.split()[1]) / 1024
    return 0.0


def timed(command, folder):
    begin = time.monotonic()
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=True)
    return (time.monotonic() - begin) * 1000


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--edges", type=int, default=1000)
    parser.add_argument("--zones", type=int, default=10000)
    parser.add_argument("--interval", type=int, default=10)
    parser.add_argument("--seconds", type=int, default=60)
    arguments = parser.parse_args()
    binary = os.path.abspath(arguments.binary)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        os.chmod(folder, 0o755)
        port = free_port()
        lay_out(folder, arguments, port)
        nginx = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf")])
        daemon = subprocess.Popen([binary, "watch", "-c", "edgemanage.yaml"], cwd=folder)
        try:
            wait(lambda: len(os.listdir(folder / "zones")) == arguments.zones, "all zones are published")
            time.sleep(2 * arguments.interval)
            before, begin = processor_seconds(daemon.pid), time.monotonic()
            time.sleep(arguments.seconds)
            used = processor_seconds(daemon.pid) - before
            share = 100 * used / (time.monotonic() - begin)
            status = [timed([binary, "status", "-c", "edgemanage.yaml"], folder) for _ in range(10)]
            nothing = [timed([binary, "--version"], folder) for _ in range(10)]
            print(f"{arguments.edges} edges every {arguments.interval} s, {arguments.zones} zones")
            print(f"processor: {share:.1f} % of one core ({used:.2f} s in {arguments.seconds} s)")
            print(f"memory: {memory(daemon.pid, 'VmRSS'):.0f} MiB, {memory(daemon.pid, 'VmHWM'):.0f} at most")
            print(f"status: {statistics.median(status):.0f} ms, a process that does nothing "
                  f"{statistics.median(nothing):.0f} ms (medians of 10)")
        finally:
            for process in (daemon, nginx):
                process.send_signal(signal.SIGTERM)
                process.wait()


if __name__ == "__main__":
    main()
