#!/usr/bin/python3
"""The page in headless Chromium, on a real daemon with edges on loopback.

    Tests/Browser/page_tests.py PROGRAM [NAME...]      PROGRAM: the built edgemanage; NAME: tests to run
"""

import json, os, re, sqlite3, subprocess, sys, time, unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from scene import TOKEN, Scene, browser, wait

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

PROGRAM = ""


def contrast(first, second):
    """The contrast of two colours as a browser tells them (WCAG 2.2)."""
    def light(colour):
        parts = [float(part) / 255 for part in re.findall(r"[\d.]+", colour)[:3]]
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
                 for part in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    low, high = sorted([light(first), light(second)])
    return (high + 0.05) / (low + 0.05)


class Case(unittest.TestCase):
    """Tests that share a scene and a browser."""

    settings = {}
    window = {}

    @classmethod
    def setUpClass(cls):
        cls.scene = Scene(PROGRAM, **cls.settings)
        cls.driver = browser(**cls.window)

    @classmethod
    def tearDownClass(cls):
        cls.driver.quit()
        cls.scene.close()

    def open(self, path="", scripted=True):
        self.driver.get(self.scene.url + path)
        if scripted:
            wait(lambda: self.js("return document.body.classList.contains('scripted')"), "script")

    def js(self, script, *words):
        return self.driver.execute_script(script, *words)

    def text(self, selector):
        return self.js("return document.querySelector(arguments[0])?.innerText || ''", selector)

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def shown(self, selector):
        return self.js("return !!document.querySelector(arguments[0])?.getClientRects().length",
                       selector)

    def click(self, selector):
        """Presses and lets go where the element is, as a hand does."""
        def try_it():
            try:
                self.one(selector).click()
                return True
            except StaleElementReferenceException:
                return False
        self.wait(try_it, f"a click at {selector}")

    def row(self, edge):
        # innerText is empty of what is out of sight.
        return self.js("return document.getElementById(arguments[0])?.textContent || ''",
                       f"edge:web:{edge}")

    def wait(self, condition, what, seconds=30):
        return wait(condition, what, self.scene.explain, seconds)

    def focus(self):
        return self.js("return document.activeElement.id || document.activeElement.localName")

    def press(self, *keys):
        for key in keys:
            webdriver_keys(self.driver, key)

    def quiet(self):
        """The console has neither errors nor violations of the policy."""
        lines = [line["message"] for line in self.driver.get_log("browser")]
        self.assertEqual(lines, [])


def webdriver_keys(driver, key):
    from selenium.webdriver import ActionChains
    ActionChains(driver).send_keys(key).perform()


class Shown(Case):
    settings = {"minimum": 1}

    def test_what_is_shown(self):
        self.open()
        self.assertIn("All is well: 2 of 2 wanted edges live", self.text("#head\\:web"))
        for edge in self.scene.edges.addresses:
            self.wait(lambda: self.row(edge), f"the row of {edge}")
        live = self.scene.live()
        self.assertIn("live", self.row(live[0]))
        self.assertIn("The daemon runs as it should", self.text("#health"))
        self.assertEqual(self.js("return document.querySelectorAll('svg.spark').length"), 5)
        self.assertIn("publish", self.text("#rest\\:web .events"))
        self.quiet()

    def test_an_edge_that_dies_changes_without_loading(self):
        self.open()
        self.js("window.mine = 1; document.getElementById('rest:web').querySelector('details').open = false")
        victim = self.scene.live()[0]
        self.js("document.getElementById(arguments[0]).focus()", f"edge:web:{victim}:a")
        self.scene.edges.broken.add(victim)
        try:
            self.wait(lambda: self.row(victim).strip().startswith(("failing", "down")), "the row says so")
            self.assertEqual(self.js("return window.mine"), 1)
            self.assertEqual(self.focus(), f"edge:web:{victim}:a")
            self.assertIn(victim, self.text("#said"))
            self.assertFalse(self.js(
                "return document.getElementById('rest:web').querySelector('details').open"))
            self.wait(lambda: victim not in self.text("#head\\:web .facts"), "it left the live set")
        finally:
            self.scene.edges.broken.clear()
        self.wait(lambda: not self.row(victim).strip().startswith(("failing", "down")), "the row says that it is back")
        self.quiet()

    def test_a_new_edge_list_is_shown_without_loading(self):
        self.open()
        names = self.scene.edges.addresses
        self.js("window.mine = 1")
        self.scene.write("edges/web", "".join(f"{name}\n" for name in names[1:] + ["127.61.9.9"]))
        try:
            self.wait(lambda: self.row("127.61.9.9"), "the new row")
            self.wait(lambda: self.scene.live() and names[0] in self.scene.live()
                      or not self.row(names[0]), "the old row is gone")
            self.assertEqual(self.js("return window.mine"), 1)
        finally:
            self.scene.write("edges/web", "".join(f"{name}\n" for name in names))
        self.wait(lambda: self.row(names[0]) and not self.row("127.61.9.9"), "the old list")
        order = self.js("return [...document.querySelectorAll('.edges tbody tr')].map(r => r.dataset.name)")
        self.assertEqual(order, names)

    def test_a_keyboard_walk(self):
        self.open()
        names = self.scene.edges.addresses
        self.press(Keys.TAB)
        self.assertEqual(self.js("return document.activeElement.className"), "skip")
        self.press(Keys.ENTER)
        self.assertEqual(self.focus(), "main")
        self.press("j", "j", "k")
        self.assertEqual(self.focus(), f"edge:web:{names[0]}:a")
        self.press(Keys.ARROW_DOWN)
        self.assertEqual(self.focus(), f"edge:web:{names[1]}:a")
        outline = self.js("return getComputedStyle(document.activeElement).outlineStyle")
        self.assertEqual(outline, "solid")
        self.press("/")
        self.assertEqual(self.focus(), "find")
        self.press(*names[3])
        self.assertEqual(self.text("#found"), "1 of 5 edges")
        self.press(Keys.ENTER)
        self.assertEqual(self.focus(), f"edge:web:{names[3]}:a")
        self.press("?")
        self.assertIn("next edge", self.text("dialog[open]"))
        self.press(Keys.ESCAPE)
        self.assertEqual(self.text("dialog[open]"), "")
        self.wait(lambda: self.focus() == f"edge:web:{names[3]}:a", "the focus is where it was")
        self.press(Keys.ENTER)
        self.wait(lambda: self.text("h1") == names[3], "the edge's own page")
        self.press("u")
        self.wait(lambda: self.text("#head\\:web"), "all networks again")
        self.quiet()

    def test_an_edge_s_own_page(self):
        edge = self.scene.live()[0]
        self.open(f"networks/web/edges/{edge}")
        self.assertEqual(self.text("h1"), edge)
        self.assertIn("pass_threshold", self.text("#edge-rules"))
        self.assertIn("this one decides", self.text("#edge-rules"))
        self.assertRegex(self.text("#edge-chart"), r"answers took .* in the mean")
        axes = self.js("return [...document.querySelectorAll('.chart .axis')].map(t => t.textContent)")
        self.assertTrue(any("ms" in word or "µs" in word for word in axes), axes)
        self.assertTrue(any(word.endswith("UTC") for word in axes), axes)
        self.assertIn("100 %", self.text("#edge-uptime"))
        self.assertIn("would take its place", self.text("#edge-head .forecast"))
        self.assertRegex(self.text("#edge-head .commands"),
                         rf'edgemanage drain -c \S*edgemanage.yaml {edge} -m "why" --for 2h')
        before = self.text("#edge-probes")
        self.js("window.mine = 1")
        self.wait(lambda: self.text("#edge-probes") != before, "another probe, by itself")
        self.assertEqual(self.js("return window.mine"), 1)
        self.quiet()

    def test_what_is_not_there_is_said(self):
        for path, words in [("networks/nowhere/edges/a.test", "runs no network nowhere"),
                            ("networks/web/edges/192.0.2.1", "has no edge 192.0.2.1"),
                            ("networks/nowhere/zones", "runs no network nowhere")]:
            self.driver.get(self.scene.url + path)
            self.assertIn(words, self.text("main"))
        self.driver.get_log("browser")

    def test_a_copied_command_works(self):
        edge = self.scene.edges.addresses[4]
        self.open(f"networks/web/edges/{edge}")
        line = self.text("#edge-head .commands code").replace('"why"', "why").split()
        drained = self.scene.command(line[1], *line[4:])
        self.assertEqual(drained.returncode, 0, drained.stderr)
        try:
            self.wait(lambda: "drained" in self.text("#edge-head .sentence"), "it is drained")
            self.assertIn("edgemanage undrain", self.text("#edge-head .commands"))
            self.open()
            self.assertRegex(self.row(edge), r"until \d{4}-")
        finally:
            self.scene.command("undrain", edge)

    def test_colours_can_be_read(self):
        """The contrast of every text with what it stands on, in both schemes."""
        dark = browser(dark=True)
        try:
            for driver in [self.driver, dark]:
                for path in ["", f"networks/web/edges/{self.scene.edges.addresses[0]}"]:
                    driver.get(self.scene.url + path)
                    self.contrasts(driver)
            scheme = dark.execute_script("return getComputedStyle(document.body).backgroundColor")
            self.assertLess(contrast(scheme, "rgb(0,0,0)"), 2)
        finally:
            dark.quit()

    def contrasts(self, driver):
        pairs = driver.execute_script("""
            const found = new Map();
            for (const node of document.querySelectorAll("body *")) {
              const own = [...node.childNodes].some((c) => c.nodeType === 3 && c.data.trim());
              if (!own || !node.getClientRects().length) continue;
              const style = getComputedStyle(node);
              let under = node, ground = "rgba(0, 0, 0, 0)";
              while (under && ground === "rgba(0, 0, 0, 0)") {
                ground = getComputedStyle(under).backgroundColor;
                under = under.parentElement;
              }
              const ink = node instanceof SVGElement ? style.fill : style.color;
              found.set(ink + "|" + ground, node.outerHTML.slice(0, 120));
            }
            return [...found].map(([pair, html]) => [...pair.split("|"), html]);""")
        self.assertGreater(len(pairs), 2)
        for ink, ground, html in pairs:
            self.assertGreaterEqual(contrast(ink, ground), 4.5, f"{ink} on {ground}: {html}")


class Orders(Case):
    settings = {
        "more": "alarms: {receivers: [{name: pager, kind: command, command: /bin/true}]}\n",
        "network": "    canaries: {z0.test: 127.61.0.9}\n"}

    def unlock(self):
        self.open()
        self.js("sessionStorage.clear()")
        self.open()
        self.click("#token-button")
        self.one("#token").send_keys(TOKEN)
        self.click("#token-form button[type=submit]")
        self.wait(lambda: "unlocked" in self.text("#token-button"), "unlocked")

    def test_without_a_token_there_are_no_buttons(self):
        self.open(f"networks/web/edges/{self.scene.edges.addresses[0]}")
        self.js("sessionStorage.clear()")
        self.driver.refresh()
        self.assertFalse(self.shown("#edge-head .orders"))
        self.assertTrue(self.shown("#edge-head .commands"))
        self.click("#token-button")
        self.one("#token").send_keys("not the token at all")
        self.click("#token-form button[type=submit]")
        self.wait(lambda: "does not take" in self.text("#token-said"), "it is refused")
        self.assertFalse(self.shown("#edge-head .orders"))
        self.assertIsNone(self.js("return sessionStorage.getItem('edgemanage-token')"))
        self.quiet()

    def test_an_edge_is_drained_and_comes_back(self):
        self.unlock()
        edge = self.scene.live()[0]
        self.open(f"networks/web/edges/{edge}")
        self.wait(lambda: self.shown("#edge-head .orders"), "the button")
        self.click("[data-order=drain]")
        self.wait(lambda: "Is it safe? yes" in self.text("#order"), "the forecast")
        self.click("#order-go")
        self.assertIn("Say why", self.text("#order-said"))
        self.one("#order-reason").send_keys("new kernel")
        self.one("#order-for").send_keys("soon")
        self.click("#order-go")
        self.wait(lambda: "30m or 2h" in self.text("#order-said"), "the daemon's own sentence")
        self.one("#order-for").clear()
        self.one("#order-for").send_keys("2h")
        self.click("#order-go")
        self.wait(lambda: "drained" in self.text("#edge-head .sentence"), "it is drained")
        self.assertNotIn(edge, self.scene.live())
        self.assertIn("new kernel", self.text("#edge-head"))
        self.click("[data-order=undrain]")
        self.click("#order-go")
        self.wait(lambda: "drained" not in self.text("#edge-head .sentence"), "it is available")
        # What the daemon refuses is no error of the page.
        self.driver.get_log("browser")

    def test_a_held_plan_fires_an_alarm_and_is_approved(self):
        self.unlock()
        names, live = self.scene.edges.addresses, self.scene.live()
        left = [name for name in names if name not in live]
        self.scene.write("edges/web", "".join(f"{name}\n" for name in left))
        try:
            self.wait(lambda: "edgemanage approve" in self.text("#head\\:web .held"), "the command")
            self.wait(lambda: "warning" in self.text("#head\\:web .alarms"), "the alarm")
            self.assertIn("pager", self.text("#head\\:web .alarms"))
            self.click("[data-order=approve]")
            self.assertIn("published at once", self.text("#order"))
            self.click("#order-go")
            self.wait(lambda: set(self.scene.live()) <= set(left), "the new live set")
            self.wait(lambda: not self.text("#head\\:web .held"), "nothing is held")
        finally:
            self.scene.write("edges/web", "".join(f"{name}\n" for name in names))
        self.wait(lambda: all(self.row(name) for name in names), "the whole list")
        self.quiet()

    def test_a_canary_is_no_edge(self):
        self.open()
        word = "return document.getElementById('canary:web:127.61.0.9')?.dataset.word"
        self.wait(lambda: self.js(word) == "canary, failing", "its row")
        self.open("networks/web/edges/127.61.0.9")
        self.assertEqual(self.text("h1"), "127.61.0.9")
        self.assertNotIn("edgemanage drain", self.text("#edge-head"))
        self.quiet()

    def test_rotations_are_held_and_go_on(self):
        self.unlock()
        self.click("[data-order=hold]")
        self.one("#order-reason").send_keys("attack")
        self.click("#order-go")
        self.wait(lambda: "Held:" in self.text("#head\\:web"), "held")
        self.assertIn("attack", self.text("#head\\:web .held"))
        self.assertIn("edgemanage resume", self.text("#head\\:web .held"))
        self.click("[data-order=resume]")
        self.click("#order-go")
        self.wait(lambda: self.shown("[data-order=hold]"), "they go on")
        self.assertEqual(self.text("#head\\:web .held"), "")
        self.quiet()


class Hostile(Case):
    """What comes from outside is text and nothing else, whatever is written in it."""

    def test_a_comment_is_no_markup(self):
        edge = self.scene.edges.addresses[2]
        self.scene.command("drain", edge, "-m", "quiet")
        words = ['<script>window.hit = 1</script>', '"><img src=x onerror="window.hit = 2">',
                 # A browser sees the quotation mark, whatever accent is written on it.
                 '"\u0301 onmouseover="window.hit = 3', "'\u0301><b>bold</b>", "<\u0338b>"]
        comment = " ".join(words)
        base = sqlite3.connect(f"{self.scene.place}/edgemanage.db", timeout=20)
        with base:
            base.execute("UPDATE mode SET comment = ? WHERE edge = ?", (comment, edge))
            base.execute("UPDATE audit SET message = ?, actor = ?", (comment, comment))
        base.close()
        self.scene.command("hold", "web", comment)
        for path in ["", f"networks/web/edges/{edge}", "?find=%22%3E%3Cb%3E",
                     "networks/web/zones?find=%22%CC%81%3E%3Cb%3E",
                     "networks/web/zones?find=%22%CC%81%20onfocus%3Dhit%20x%3D%22"]:
            self.open(path)
            self.assertEqual(self.js("return document.querySelectorAll('main b, main img').length"), 0)
            self.assertIsNone(self.js("return window.hit || null"))
            self.assertEqual(self.js("""return [...document.querySelectorAll("*")].filter((e) =>
                [...e.attributes].some((a) => a.name.startsWith("on") || a.name === "style")).length"""), 0)
        self.open()
        self.wait(lambda: "<script>" in self.row(edge), "the comment as text")
        self.assertIn("onerror", self.text("#head\\:web .held"))
        self.quiet()

    def test_headers_are_strict(self):
        import urllib.request
        for path in ["", "networks/web/zones", "parts", "networks/web/edges/"
                     + self.scene.edges.addresses[0]]:
            with urllib.request.urlopen(self.scene.url + path) as answer:
                policy = answer.headers["Content-Security-Policy"]
                self.assertIn("default-src 'none'", policy)
                self.assertNotIn("unsafe", policy)
                self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
                self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
                self.assertEqual(answer.headers["Cache-Control"], "no-store")
        page = self.scene.get("")
        for asset in re.findall(r'(?:href|src)="(/assets/[^"]+)"', page):
            with urllib.request.urlopen(self.scene.url + asset[1:]) as answer:
                self.assertIn("immutable", answer.headers["Cache-Control"])
        self.assertNotRegex(page, r'(?:src|href)="(?:https?:)?//')


class Trouble(Case):
    """What goes wrong is said in words."""

    def test_a_refused_configuration(self):
        self.open()
        good = self.scene.read("edgemanage.yaml")
        self.scene.write("edgemanage.yaml", good.replace("live: 2", "live: ["))
        try:
            self.wait(lambda: "The configuration is refused" in self.text("#health"), "red words")
            self.assertIn("edgemanage.yaml", self.text("#health li"))
        finally:
            self.scene.write("edgemanage.yaml", good)
        self.wait(lambda: "as it should" in self.text("#health"), "all is well")

    def test_a_lost_connection_and_a_new_daemon(self):
        self.open()
        port = self.scene.url.rsplit(":", 1)[1].strip("/")
        text = self.scene.read("edgemanage.yaml")
        self.scene.write("edgemanage.yaml", text.replace("127.0.0.1:0", f"127.0.0.1:{port}"))
        self.js("window.mine = 1")
        status, seconds = self.scene.stop()
        self.assertEqual(status, 0, self.scene.explain())
        # Whoever listens to events does not hold it up.
        self.assertLess(seconds, 10)
        self.wait(lambda: "is lost: what is shown is" in self.text("#lost"), "the banner")
        self.wait(lambda: re.search(r"is [2-9] s old", self.text("#lost")), "its age grows")
        self.scene.start()
        self.wait(lambda: not self.shown("#lost"), "found again")
        self.assertEqual(self.js("return window.mine"), 1)
        # Lines about the lost connection are the browser's own.
        self.driver.get_log("browser")

    def test_listeners_are_bounded(self):
        import http.client
        host = self.scene.url.split("/")[2]
        held = []
        try:
            def listen():
                link = http.client.HTTPConnection(host, timeout=10)
                held.append(link)
                link.request("GET", "/events")
                return link.getresponse().status
            statuses = [listen() for _ in range(70)]
            self.assertEqual(statuses[0], 200)
            self.assertEqual(statuses[-1], 503)
            self.assertLessEqual(statuses.count(200), 64)
        finally:
            for link in held:
                link.close()
        def again():
            link = http.client.HTTPConnection(host, timeout=10)
            link.request("GET", "/events")
            answer = link.getresponse()
            link.close()
            return answer.status == 200
        self.wait(again, "a place is free again")


class Plain(Case):
    """Without a script, and on a narrow screen."""

    settings = {"zones": 230}
    window = {"width": 360, "height": 800, "script": False}

    def test_it_is_readable(self):
        self.open(scripted=False)
        text = self.one("body").text
        self.assertIn("All is well", text)
        for edge in self.scene.edges.addresses:
            self.assertIn(edge, text)
        self.assertIn('http-equiv="refresh"', self.driver.page_source)
        self.assertFalse(self.shown("#token-button"))
        self.click(f"a[href$='/{self.scene.edges.addresses[1]}']")
        self.wait(lambda: self.scene.edges.addresses[1] == self.one("h1").text, "the edge's page")

    def test_zones_are_found_and_paged(self):
        self.driver.get(self.scene.url + "networks/web/zones")
        rows = lambda: [row.text for row in self.driver.find_elements(By.CSS_SELECTOR, "tbody th")]
        self.assertEqual(len(rows()), 100)
        self.click("a[rel=next]")
        self.wait(lambda: "101 to 200 of 230" in self.one("main").text, "the second page")
        self.one("#find").send_keys("z21")
        self.click(".search button")
        self.wait(lambda: "of 11" in self.one("main").text, "what was found")
        self.assertEqual(len(rows()), 11)
        self.assertIn("z21.test", rows())
        self.one("#find").clear()
        self.one("#find").send_keys("nosuch" + Keys.ENTER)
        self.wait(lambda: "contains “nosuch”" in self.one("main").text, "nothing")

    def test_edges_are_found(self):
        edge = self.scene.edges.addresses[3]
        self.driver.get(self.scene.url + f"?find={edge}")
        self.assertEqual(len(self.driver.find_elements(By.CSS_SELECTOR, ".edges tbody tr")), 1)

    def test_nothing_is_wider_than_the_screen(self):
        for path in ["", "networks/web/zones",
                     f"networks/web/edges/{self.scene.edges.addresses[0]}"]:
            self.driver.get(self.scene.url + path)
            size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})
            self.assertLessEqual(size["cssContentSize"]["width"], 360, path)


class Big(Case):
    """500 edges and 10,000 zones."""

    settings = {"edges": 500, "live": 10, "zones": 10_000, "interval": "4s"}

    def pauses(self):
        """Loads the page and watches it through two rounds that change all rows; the tasks over 50 ms."""
        self.open()
        paint = self.js("return performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
        self.js("""window.tasks = []; window.fresh = 0;
            new PerformanceObserver((list) => window.tasks.push(
              ...list.getEntries().map((entry) => Math.round(entry.duration))))
              .observe({ type: "longtask", buffered: true });
            new MutationObserver((list) => { window.fresh += list.length; }).observe(
              document.getElementById("rows:web"), { childList: true });""")
        victim = self.scene.live()[0]
        self.scene.edges.broken.add(victim)
        self.wait(lambda: self.row(victim).strip().startswith(("failing", "down")), "the row says so", 90)
        self.scene.edges.broken.clear()
        self.wait(lambda: not self.row(victim).strip().startswith(("failing", "down")), "it is back", 90)
        self.wait(lambda: self.js("return window.fresh") > 800, "all rows are fresh", 90)
        self.one("#find").send_keys("127.61.1")
        self.wait(lambda: self.text("#found") == "200 of 500 edges", "found")
        tasks = self.js("return window.tasks")
        print(f"first shown after {paint:.0f} ms; tasks over 50 ms: {tasks}", file=sys.stderr)
        return tasks

    def test_no_long_pause(self):
        # On a machine that others use too: a pause of the page's own is there each time.
        for _ in range(3):
            tasks = self.pauses()
            if all(task <= 200 for task in tasks):
                break
        self.assertTrue(all(task <= 200 for task in tasks), tasks)
        self.assertEqual(self.js("return document.querySelectorAll('.edges tbody tr').length"), 500)
        self.driver.get(self.scene.url + "networks/web/zones?find=z999")
        self.assertIn("of 11", self.text("main"))
        self.quiet()


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
