"""A daemon with edges on loopback, and a browser in front of its page."""

import asyncio, json, os, shutil, signal, socket, subprocess, tempfile, threading, time
import urllib.request

from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

OBJECT = b"the very file that every edge must serve\n"
TOKEN = "0123456789abcdef0123456789abcdef"


class Edges:
    """Web servers on addresses of 127.0.0.0/8, in one thread, that can be told to fail or to be slow."""

    def __init__(self, count):
        self.addresses = [f"127.61.{place // 200}.{place % 200 + 1}" for place in range(count)]
        self.broken, self.delay = set(), {}
        self.loop = asyncio.new_event_loop()
        with socket.socket() as probe:
            probe.bind((self.addresses[0], 0))
            self.port = probe.getsockname()[1]
        ready = threading.Event()
        self.thread = threading.Thread(target=self.run, args=(ready,), daemon=True)
        self.thread.start()
        if not ready.wait(30):
            raise RuntimeError("the edges did not start")

    def run(self, ready):
        asyncio.set_event_loop(self.loop)
        servers = [
            self.loop.run_until_complete(
                asyncio.start_server(self.serve, address, self.port, backlog=64))
            for address in self.addresses]
        ready.set()
        self.loop.run_forever()
        for server in servers:
            server.close()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()

    async def serve(self, reader, writer):
        try:
            await reader.readuntil(b"\r\n\r\n")
            address = writer.get_extra_info("sockname")[0]
            await asyncio.sleep(self.delay.get(address, 0))
            status = "503 Service Unavailable" if address in self.broken else "200 OK"
            head = f"HTTP/1.1 {status}\r\nContent-Length: {len(OBJECT)}\r\nConnection: close\r\n\r\n"
            writer.write(head.encode() + OBJECT)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)


class Scene:
    """A directory with a configuration, edges, and a running daemon with its page."""

    def __init__(self, program, edges=5, live=2, zones=3, interval="1s", minimum=None,
                 servers="publish: {directory: zones}\n", more="", network=""):
        self.program = program
        self.place = tempfile.mkdtemp(prefix="edgemanage-page-")
        self.edges, self.daemon = Edges(edges), None
        for folder in ["zones", "includes/web", "edges"]:
            os.makedirs(f"{self.place}/{folder}")
        self.write("object.txt", OBJECT.decode())
        self.write("edges/web", "".join(f"{name}\n" for name in self.edges.addresses))
        for number in range(zones):
            self.write(f"includes/web/z{number}.test.zone", "mail 3600 IN A 192.0.2.25\n")
        self.write("token", TOKEN)
        os.chmod(f"{self.place}/token", 0o600)
        least = f"    min_live: {minimum}\n" if minimum else ""
        self.write("edgemanage.yaml", f"""\
version: 1
server: {{listen: "127.0.0.1:0", token: token}}
object: {{url: "http://object.test:{self.edges.port}/object.txt", local: object.txt}}
probe: {{timeout: 3s, families: [ipv4], interval: {interval}}}
judge: {{rule: classic, good_enough: 400ms, keep: window}}
dns:
  primary: ns1.dns.test.
  mailbox: hostmaster@dns.test
  name_servers: [ns1.dns.test.]
  rotate: [www]
{servers}{more}state: {{database: edgemanage.db}}
log: edgemanage.log
networks:
  web:
    edges: edges/web
    live: {live}
    budget: 100
{least}{network}    zones: includes/web
""")
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    def write(self, name, text):
        with open(f"{self.place}/{name}", "w") as file:
            file.write(text)

    def read(self, name):
        with open(f"{self.place}/{name}") as file:
            return file.read()

    def start(self):
        """Starts the daemon; returns when its first round has ended."""
        self.log = f"{self.place}/daemon.log"
        if os.path.exists(f"{self.place}/edgemanage.log"):
            os.unlink(f"{self.place}/edgemanage.log")
        with open(self.log, "w") as out:
            self.daemon = subprocess.Popen(
                [self.program, "watch", "-c", "edgemanage.yaml"], cwd=self.place, stdout=out,
                stderr=out)
        def address():
            text = self.read("edgemanage.log") if os.path.exists(
                f"{self.place}/edgemanage.log") else ""
            return text.split("listening at ")[1].split()[0] if "listening at http" in text else None
        self.url = wait(address, "the daemon listens", self.explain)
        wait(lambda: json.loads(self.get("api/v1/networks/web")).get("lastRun"),
             "the first round", self.explain, 120)

    def explain(self):
        return self.read("daemon.log") + self.read("edgemanage.log")

    def get(self, path, **headers):
        request = urllib.request.Request(self.url + path, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read().decode()

    def command(self, *words):
        return subprocess.run([self.program, *words[:1], "-c", "edgemanage.yaml", *words[1:]],
                              cwd=self.place, capture_output=True, text=True, timeout=60)

    def live(self):
        return json.loads(self.get("api/v1/networks/web"))["live"]

    def stop(self):
        """Ends the daemon by SIGTERM; its status, and how many seconds that took."""
        begin = time.monotonic()
        self.daemon.send_signal(signal.SIGTERM)
        status = self.daemon.wait(60)
        return status, time.monotonic() - begin

    def close(self):
        if self.daemon and self.daemon.poll() is None:
            self.daemon.kill()
            self.daemon.wait(10)
        self.edges.stop()
        shutil.rmtree(self.place)


def wait(condition, what, explain=lambda: "", seconds=30):
    """Waits until something is so, and returns it."""
    end = time.monotonic() + seconds
    while True:
        try:
            found = condition()
        except (OSError, ValueError, NoSuchElementException, StaleElementReferenceException):
            found = None
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s in vain for: {what}\n{explain()}")
        time.sleep(0.02)


def browser(width=1280, height=900, dark=False, script=True):
    """A headless Chromium of its own."""
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for word in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                 f"--window-size={width},{height}", "--hide-scrollbars"]:
        options.add_argument(word)
    if dark:
        options.add_argument("--blink-settings=preferredColorScheme=0")
    if not script:
        options.add_experimental_option(
            "prefs", {"profile.managed_default_content_settings.javascript": 2})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    driver.set_page_load_timeout(60)
    if width < 500:
        # A window is not made that narrow, but a device is.
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": True})
    return driver
