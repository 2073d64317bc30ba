#!/usr/bin/python3
"""The API of a real daemon: schemathesis against its document, and those who mean it ill (I37).

    Tests/API/api_tests.py PROGRAM [NAME...]      PROGRAM: the built edgemanage; NAME: tests to run
"""

import http.client, json, os, re, socket, subprocess, sys, tempfile, time, unittest
import urllib.error, urllib.parse, urllib.request

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "Browser"))
from scene import TOKEN, Scene, wait

PROGRAM = ""
SCHEMATHESIS = "4.32.5"


def schemathesis():
    """The pinned schemathesis, installed from PyPI into a cache outside of the tree when it is not there yet."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    place = os.path.join(cache, "edgemanage-tests", f"schemathesis-{SCHEMATHESIS}")
    tool = os.path.join(place, "bin", "schemathesis")
    if not os.path.exists(os.path.join(place, "complete")):
        subprocess.run([sys.executable, "-m", "venv", "--clear", place], check=True)
        done = subprocess.run(
            [f"{place}/bin/pip", "install", "--quiet", "--disable-pip-version-check",
             f"schemathesis=={SCHEMATHESIS}"], capture_output=True, text=True)
        if done.returncode:
            raise AssertionError(
                f"schemathesis {SCHEMATHESIS} can't be installed from PyPI into {place}: let this "
                f"machine reach PyPI, or install it there by hand\n{done.stderr[-2000:]}")
        open(os.path.join(place, "complete"), "w").close()
    return tool


class Case(unittest.TestCase):
    """Tests that share a daemon."""

    @classmethod
    def setUpClass(cls):
        cls.scene = Scene(PROGRAM, edges=4, interval="1s")
        cls.address = urllib.parse.urlsplit(cls.scene.url)
        cls.edge = cls.scene.edges.addresses[0]
        # The database knows of a round a moment before the daemon says that it ended.
        wait(lambda: cls.scene.get(f"api/v1/networks/web/edges/{cls.edge}"), "the first round",
             cls.scene.explain)

    @classmethod
    def tearDownClass(cls):
        cls.scene.close()

    def ask(self, method, path, body=None, **headers):
        """A request sent as it is; the answer's status, headers and text."""
        link = http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=60)
        try:
            headers = {name.replace("_", "-"): text for name, text in headers.items()}
            link.request(method, path, body=body, headers=headers)
            answer = link.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            link.close()

    def order(self, method, path, value=None, token=TOKEN, **headers):
        if value is not None:
            headers.setdefault("Content_Type", "application/json")
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return self.ask(method, "/api/v1/" + path,
                        None if value is None else json.dumps(value), **headers)

    def json(self, path):
        status, headers, text = self.ask("GET", "/api/v1/" + path)
        self.assertEqual(status, 200, text)
        return json.loads(text)

    def assertRefused(self, answer, status, code=None):
        """A refusal has one shape."""
        self.assertEqual(answer[0], status, answer[2])
        self.assertEqual(answer[1]["Content-Type"], "application/json")
        said = json.loads(answer[2])
        self.assertEqual(set(said), {"error", "code"})
        if code:
            self.assertEqual(said["code"], code)
        return said["error"]

    def rounds(self):
        return self.json("health")["networks"][0]["lastRound"]

    def raw(self, data, seconds=20):
        """Bytes sent as they are; what comes back until the end."""
        with socket.create_connection((self.address.hostname, self.address.port), 10) as link:
            link.settimeout(seconds)
            got = b""
            try:
                link.sendall(data)
                while part := link.recv(65536):
                    got += part
                    if len(got) > 1 << 20:
                        break
            except (ConnectionError, socket.timeout):
                pass
            return got.decode(errors="replace")


class Document(Case):
    """The document and the routes are one."""

    def test_committed(self):
        served = self.ask("GET", "/api/v1/openapi.json")[2]
        path = os.path.join(ROOT, "docs", "openapi.json")
        if os.environ.get("EDGEMANAGE_WRITE_OPENAPI"):
            with open(path, "w") as file:
                file.write(served)
        with open(path) as file:
            self.assertEqual(file.read(), served, "write it anew: EDGEMANAGE_WRITE_OPENAPI=1 "
                             "Tests/API/api_tests.py PROGRAM Document.test_committed")

    def test_every_path_is_answered(self):
        document = self.json("openapi.json")
        names = {"network": "web", "edge": self.edge, "zone": "z0.test", "generation": "1"}
        told = 0
        for path, methods in document["paths"].items():
            place = "/api/v1" + re.sub(r"{(\w+)}", lambda found: names[found[1]], path)
            status, headers, _ = self.ask("OPTIONS", place)
            allowed = {method.upper() for method in methods} | {"OPTIONS"}
            if "get" in methods:
                allowed.add("HEAD")
                status, headers, text = self.ask("GET", place)
                self.assertEqual(status, 200, f"{place}: {text}")
                self.assertEqual((headers["Content-Type"], headers["X-Content-Type-Options"]),
                                 ("application/json", "nosniff"))
                self.check(json.loads(text), document, methods["get"])
                status, headers, text = self.ask("HEAD", place)
                self.assertEqual((status, text), (200, ""))
                told += 1
            status, headers, text = self.ask("OPTIONS", place)
            self.assertEqual((status, text), (204, ""))
            self.assertEqual(set(headers["Allow"].split(", ")), allowed)
            for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - allowed:
                answer = self.ask(method, place)
                self.assertRefused(answer, 405, "method")
                self.assertEqual(set(answer[1]["Allow"].split(", ")), allowed)
        self.assertGreater(told, 12)

    def check(self, value, document, operation):
        """What is answered has every member that the schema requires and none that it does not know."""
        schemas = document["components"]["schemas"]
        def look(value, schema, place):
            if "$ref" in schema:
                return look(value, schemas[schema["$ref"].split("/")[-1]], place)
            kind = {"object": dict, "array": list, "string": str, "boolean": bool,
                    "integer": int, "number": (int, float)}[schema["type"]]
            self.assertIsInstance(value, kind, place)
            if isinstance(value, list):
                for item in value:
                    look(item, schema["items"], place + "[]")
            if isinstance(value, dict):
                self.assertLessEqual(set(schema.get("required", [])), set(value), place)
                for name, item in value.items():
                    inner = schema.get("properties", {}).get(
                        name, schema.get("additionalProperties", True))
                    self.assertIsNot(inner, False, f"{place}.{name} is not in the document")
                    if isinstance(inner, dict):
                        look(item, inner, f"{place}.{name}")
            self.assertTrue("enum" not in schema or value in schema["enum"], place)
        look(value, operation["responses"]["200"]["content"]["application/json"]["schema"],
             operation["operationId"])


class Reading(Case):
    """What is read, in parts, and how wrong questions are answered."""

    def test_lists_come_in_parts(self):
        names, after, parts = [], "", 0
        while after is not None:
            page = self.json(f"networks/web/zones?limit=2{after and '&after=' + after}")
            self.assertLessEqual(len(page["zones"]), 2)
            names += [zone["name"] for zone in page["zones"]]
            after, parts = page.get("next"), parts + 1
        self.assertEqual((names, parts), (["z0.test", "z1.test", "z2.test"], 2))
        self.assertNotIn("next", self.json("networks/web/zones?limit=3"))
        edges = self.json("networks/web/edges?limit=3")
        self.assertEqual(edges["next"], self.scene.edges.addresses[2])
        rest = self.json(f"networks/web/edges?after={edges['next']}")
        self.assertEqual([row["edge"] for row in rest["edges"]], self.scene.edges.addresses[3:])
        self.assertNotIn("next", rest)
        self.assertEqual(self.json("networks/web/uptime?limit=3")["next"], edges["next"])

    def test_events_are_filtered(self):
        edge = self.json(f"networks/web/edges/{self.edge}")["edge"]
        self.assertEqual(edge["mode"], "available")
        self.assertEqual(self.order(
            "POST", f"networks/web/edges/{self.edge}/mode",
            {"mode": "unavailable", "comment": "kernel", "for": "2h"})[0], 200)
        events = self.json(f"networks/web/events?kind=mode&edge={self.edge}&limit=1")["events"]
        self.assertEqual([(event["kind"], event["subject"], event["actor"]) for event in events],
                         [("mode", self.edge, "token")])
        later = self.json(f"networks/web/events?since={int(time.time()) + 1000}")["events"]
        self.assertEqual(later, [])
        # What an order did is seen at once, though readings are kept for a while.
        edge = self.json(f"networks/web/edges/{self.edge}")["edge"]
        self.assertEqual((edge["mode"], edge["comment"]), ("unavailable", "[token] kernel"))
        self.assertEqual(self.order("POST", f"networks/web/edges/{self.edge}/mode",
                                    {"mode": "available"})[0], 200)

    def test_a_generation_tells_what_it_changed(self):
        change = self.json("networks/web/generations/1?limit=1")
        self.assertEqual((change["from"], change["to"], change["next"]), (0, 1, "z0.test"))
        self.assertEqual(len(change["edgesIn"]), 2)
        for edge in change["edgesIn"]:
            self.assertTrue(any(line.endswith(edge) for line in change["zones"][0]["added"]))

    def test_wrong_questions(self):
        for query, words in [
                ("limit=0", "\"limit\" must be a whole number from 1 to 1000"),
                ("limit=1001", "\"limit\""), ("limit=+5", "\"limit\""), ("limit=x", "\"limit\""),
                ("limit=", "\"limit\""), ("limit=5&limit=6", "\"limit\" is given twice"),
                ("since=-1", "\"since\""), ("kind=no", "\"kind\" must be one of"),
                ("edge=" + "x" * 256, "\"edge\""), ("edge=", "\"edge\""),
                ("fro=1", "\"fro\" is no parameter"), ("edge=%ff", "percent-encoded")]:
            said = self.assertRefused(
                self.ask("GET", f"/api/v1/networks/web/events?{query}"), 400, "malformed")
            self.assertIn(words, said)

    def test_unknown_things(self):
        for path, code in [
                ("/api", "no-path"), ("/api/", "no-path"), ("/api/v2/networks", "no-path"),
                ("/api/v1", "no-path"), ("/api/v1/networks/web/nothing", "no-path"),
                ("/api/v1/networks/other", "no-network"),
                ("/api/v1/networks/web/edges/192.0.2.9", "unknown"),
                ("/api/v1/networks/web/edges/%00", "unknown"),
                ("/api/v1/networks/web/zones/no.test", "unknown"),
                ("/api/v1/networks/web/generations/999", "unknown"),
                ("/api/v1/networks/web/generations/0", "unknown"),
                ("/api/v1/networks/web/generations/9223372036854775807", "unknown"),
                ("/api/v1/../../etc/passwd", "no-path"),
                ("/api/v1/networks/..%2f..%2fetc%2fpasswd", "no-network"),
                ("/api/v1/networks/web/edges/..%2f..%2fetc%2fpasswd", "unknown")]:
            self.assertRefused(self.ask("GET", path), 404, code)
        status, headers, text = self.ask("HEAD", "/api/v1/networks/other")
        self.assertEqual((status, text), (404, ""))
        for path in ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd"]:
            status, headers, text = self.ask("GET", path)
            self.assertEqual(status, 404)
            self.assertNotIn("root:", text)

    def test_wrong_orders(self):
        path = f"networks/web/edges/{self.edge}/mode"
        for value, words in [
                ({}, "no \"mode\""), ([], "JSON object"), ("x", "JSON object"),
                ({"mode": "gone"}, "\"mode\" must be one of"), ({"mode": None}, "must be text"),
                ({"mode": "unavailable", "fro": "2h"}, "\"fro\" is nothing that this knows"),
                ({"mode": "unavailable", "comment": "x", "for": "soon"}, "\"for\" takes a time"),
                ({"mode": "unavailable", "comment": "x", "for": "0s"}, "\"for\" takes a time"),
                ({"mode": "unavailable", "comment": "x", "insist": 1}, "true or false"),
                ({"mode": "unavailable", "comment": "a\nb"}, "one line"),
                ({"mode": "unavailable", "comment": "a\u202eb"}, "invisible characters"),
                ({"mode": "unavailable", "comment": "\u3164\u200c"}, "is empty"),
                ({"mode": "available", "for": "2h"}, "takes no time")]:
            said = self.assertRefused(self.order("POST", path, value), 400, "malformed")
            self.assertIn(words, said)
        said = self.assertRefused(self.order("POST", path, {"mode": "force"}), 400, "malformed")
        self.assertIn("Comment required", said)
        twice = self.ask("POST", "/api/v1/" + path, '{"mode": "unavailable", "mode": "available", "comment": "x"}',
                         Content_Type="application/json", Authorization=f"Bearer {TOKEN}")
        self.assertIn("given twice", self.assertRefused(twice, 400, "malformed"))
        for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"]:
            answer = self.order("POST", "networks/web/hold", {"reason": "x"}, Content_Type=kind)
            self.assertRefused(answer, 415, "content-type")
        answer = self.order("POST", "networks/web/hold", {"reason": "x" * 70_000})
        self.assertRefused(answer, 413, "too-large")
        self.assertNotIn("rotationHold", self.json("networks/web"))


    def mode(self, edge, mode, **more):
        comment = {} if mode == "available" else {"comment": "kernel"}
        return self.order("POST", f"networks/web/edges/{edge}/mode",
                          {"mode": mode, **comment, **more})

    def test_refused_modes(self):
        """Who asks for the impossible is told what kind of impossible it is."""
        for edge in ["192.0.2.9", "%00", "..%2fx"]:
            said = self.assertRefused(self.mode(edge, "unavailable"), 404, "unknown")
            self.assertIn("is no edge of network web", said)
        answers = [self.mode(edge, "unavailable") for edge in self.scene.edges.addresses]
        self.assertEqual(answers[0][0], 200)
        said = self.assertRefused(answers[-1], 409, "refused")
        self.assertIn("--insist", said)
        for edge in self.scene.edges.addresses:
            self.assertEqual(self.mode(edge, "available")[0], 200)
        # The edge list is gone: that is no fault of who asks.
        listed = self.scene.read("edges/web")
        path = f"{self.scene.place}/edges/web"
        os.unlink(path)
        try:
            said = self.assertRefused(self.mode(self.edge, "unavailable"), 500, "failed")
            self.assertIn("edges/web", said)
        finally:
            self.scene.write("web.new", listed)
            os.rename(f"{self.scene.place}/web.new", path)


class Handbook(Case):
    """Every command of docs/api.md does what it is there for."""

    def test_commands(self):
        with open(os.path.join(ROOT, "docs", "api.md")) as file:
            lines = [line.strip() for line in file if line.startswith("    curl ")]
        self.assertGreater(len(lines), 15)
        places = {"127.0.0.1:8053": self.address.netloc, "192.0.2.10": self.edge,
                  "/etc/edgemanage/token": f"{self.scene.place}/token",
                  "/var/lib/edgemanage/edgemanage.sock": f"{self.scene.place}/edgemanage.sock",
                  "example.test": "z0.test"}
        for line in lines:
            for word, real in places.items():
                line = line.replace(word, real)
            done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 0, f"{line}\n{done.stdout}{done.stderr}")
            self.assertIsInstance(json.loads(done.stdout), dict, line)

    def test_every_path_is_told(self):
        with open(os.path.join(ROOT, "docs", "api.md")) as file:
            text = file.read()
        for path, methods in self.json("openapi.json")["paths"].items():
            place = path.format(network="web", edge="192.0.2.10", zone="example.test",
                                generation=1)
            self.assertIn(f"/api/v1{place}", text)


class Schemathesis(unittest.TestCase):
    """Schemathesis finds nothing, with the token and without."""

    def setUp(self):
        self.tool = schemathesis()
        self.scene = Scene(PROGRAM, edges=4, interval="5s")

    def tearDown(self):
        self.scene.close()

    def run_it(self, *words, examples):
        with tempfile.TemporaryDirectory(prefix="edgemanage-schemathesis-") as place:
            with open(f"{place}/schemathesis.toml", "w") as file:
                file.write(f'[parameters]\n"path.network" = "web"\n'
                           f'"path.edge" = "{self.scene.edges.addresses[0]}"\n'
                           f'"path.zone" = "z0.test"\n"path.generation" = 1\n')
            names = [f"--config-file={place}/schemathesis.toml"] if "named" in words else []
            words = [word for word in words if word != "named"]
            done = subprocess.run(
                [self.tool, *names, "run", self.scene.url + "api/v1/openapi.json",
                 "--max-examples", str(examples), "--seed", "1", "--workers", "1", "--no-color",
                 "--generation-database", "none", "--checks", "all",
                 "--phases", "examples,coverage,fuzzing", "--request-timeout", "60", *words],
                cwd=place, capture_output=True, text=True, timeout=600)
        self.assertEqual(done.returncode, 0, f"{done.stdout[-20000:]}\n{done.stderr[-4000:]}")
        count = re.search(r"(\d+) generated, (\d+) passed", done.stdout)
        self.assertTrue(count and count[1] == count[2] and int(count[1]) > 200, done.stdout)

    def test_without_the_token(self):
        self.run_it(examples=30)
        self.run_it("named", examples=10)

    def test_with_the_token(self):
        token = ["-H", f"Authorization: Bearer {TOKEN}"]
        self.run_it(*token, examples=30)
        self.run_it("named", *token, examples=30)
        # It did give orders.
        for kind, least in [("mode", 5), ("command", 5)]:
            told = self.scene.command("log", "web", "--kind", kind, "--json")
            self.assertGreater(told.stdout.count('"actor":"token"'), least, told.stdout)


if __name__ == "__main__":
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    sys.modules["api_tests"] = sys.modules["__main__"]
    from closed_tests import *
    unittest.main()
