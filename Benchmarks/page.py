#!/usr/bin/python3
"""Measures the page with 500 edges and 10,000 zones in headless Chromium.

    Benchmarks/page.py PROGRAM [RUNS]        PROGRAM: a release build of edgemanage; 10 runs by default

Edges are web servers of this script's own on loopback, asked every 10 s.
"""

import os, statistics, sys, time

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "Tests/Browser"))
from scene import Scene, browser, wait


def memory(process):
    """The resident memory of a process in MiB."""
    with open(f"/proc/{process}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024


def main():
    program, runs = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10
    scene = Scene(program, edges=500, live=10, zones=10_000, interval="10s")
    try:
        paints, loads, written = [], [], []
        for _ in range(runs):
            begin = time.monotonic()
            size = len(scene.get(""))
            written.append((time.monotonic() - begin) * 1000)
            driver = browser()
            try:
                driver.get(scene.url)
                paints.append(wait(lambda: driver.execute_script(
                    "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime"),
                    "the first paint"))
                loads.append(driver.execute_script(
                    "return performance.getEntriesByType('navigation')[0].domInteractive"))
            finally:
                driver.quit()
        driver = browser()
        try:
            driver.get(scene.url)
            driver.execute_script("""window.tasks = []; window.rows = 0;
                new PerformanceObserver((list) => window.tasks.push(
                  ...list.getEntries().map((entry) => entry.duration)))
                  .observe({ type: "longtask", buffered: true });
                new MutationObserver((list) => { window.rows += list.length; }).observe(
                  document.getElementById("rows:web"), { childList: true });""")
            wait(lambda: driver.execute_script("return window.rows") > 2000, "five rounds",
                 seconds=180)
            tasks = driver.execute_script("return window.tasks")
        finally:
            driver.quit()
        print(f"the page: {size / 1024:.0f} KiB")
        print(f"written and sent: median {statistics.median(written):.0f} ms, "
              f"the first after a round {max(written):.0f} ms")
        print(f"first shown: median {statistics.median(paints):.0f} ms, worst {max(paints):.0f} ms")
        print(f"all of it read: median {statistics.median(loads):.0f} ms")
        print(f"tasks over 50 ms in five rounds: {len(tasks)}, the longest "
              f"{max(tasks, default=0):.0f} ms")
        print(f"the daemon: {memory(scene.daemon.pid):.0f} MiB")
    finally:
        scene.close()


if __name__ == "__main__":
    main()
