#!/usr/bin/python3
"""Takes the pictures of docs/page/: Tests/Browser/shots.py PROGRAM DIRECTORY

The daemon runs for a minute and a half with rounds of half a second or so; its rounds are then spread over an hour in the database.
Needs Debian's pngquant.
"""

import os, random, sqlite3, subprocess, sys, time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from scene import Scene, browser, wait

SERVERS = """publish:
  directory: zones
  servers:
    - {name: ns1, kind: other, address: 127.0.0.1, port: 9}
"""


def spread(scene, seconds):
    """Moves the rounds' times so that they span so many seconds up to now."""
    base = sqlite3.connect(f"{scene.place}/edgemanage.db", timeout=20)
    with base:
        first, last = base.execute("SELECT min(wall), max(wall) FROM round").fetchone()
        factor = seconds * 10**9 / (last - first)
        for table, columns in [("round", ["wall"]), ("live_span", ["began", "ended"]),
                               ("audit", ["wall"]), ("mode", ["changed"])]:
            for column in columns:
                base.execute(f"UPDATE {table} SET {column} = "
                             f"CAST(? - (? - {column}) * ? AS INTEGER) WHERE {column} > ?",
                             (last, last, factor, first - 10**9))
        base.execute("DELETE FROM rollup")
        base.execute("UPDATE network SET rolled_round = 0")
    base.close()


def live_a_while(scene, seconds):
    """Edges answer in their own times; one is slow for a while, one fails now and then."""
    rng = random.Random(7)
    edges = scene.edges
    begin = time.monotonic()
    while (passed := time.monotonic() - begin) < seconds:
        for place, name in enumerate(edges.addresses):
            edges.delay[name] = 0.02 + 0.022 * place + rng.random() * 0.03
        if 0.35 < passed / seconds < 0.5:
            edges.delay[edges.addresses[1]] += 0.16
        if passed / seconds > 0.6:
            edges.broken.add(edges.addresses[5])
        if 0.7 < passed / seconds < 0.73:
            edges.broken.add(edges.addresses[0])
        else:
            edges.broken.discard(edges.addresses[0])
        time.sleep(0.3)


def shoot(driver, url, path, height=None):
    driver.get(url)
    time.sleep(1.5)
    if height is None:
        height = driver.execute_script("return document.documentElement.scrollHeight")
    width = driver.execute_script("return window.innerWidth")
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": min(height, 2400), "deviceScaleFactor": 1, "mobile": width < 500})
    time.sleep(0.3)
    driver.save_screenshot(path)
    subprocess.run(["pngquant", "--force", "--output", path, "128", path], check=True)
    print(path, os.path.getsize(path))


def main():
    program, place = os.path.abspath(sys.argv[1]), sys.argv[2]
    os.makedirs(place, exist_ok=True)
    scene = Scene(program, edges=7, live=4, zones=12, minimum=2, servers=SERVERS)
    try:
        live_a_while(scene, float(os.environ.get("SECONDS_OF_LIFE", "90")))
        scene.command("drain", scene.edges.addresses[6], "-m", "new kernel", "--for", "2h")
        spread(scene, 3590)
        time.sleep(3)
        edge = scene.edges.addresses[1]
        page = f"{scene.url}networks/web/edges/{edge}"
        for name, dark, width, url in [
                ("overview", False, 1200, scene.url), ("overview-dark", True, 1200, scene.url),
                ("edge", False, 1200, page), ("edge-dark", True, 1200, page),
                ("narrow", False, 360, scene.url)]:
            driver = browser(width=width, height=900, dark=dark)
            try:
                shoot(driver, url, f"{place}/{name}.png")
            finally:
                driver.quit()
    finally:
        scene.close()


if __name__ == "__main__":
    main()
