"""Who may not (I37): names, origins, tokens, and those who only want to be in the way."""

import base64, json, os, socket, ssl, time

from api_tests import Case
from scene import TOKEN, wait


class Closed(Case):
    """Refusals at the address."""

    def test_other_hosts(self):
        for host in ["evil.test", "evil.test:80", "localhost.evil.test", "", "[evil]", "127.0.0.1.evil.test"]:
            for path in ["/", "/api/v1/networks", "/metrics", "/nothing"]:
                status, headers, text = self.ask("GET", path, Host=host)
                self.assertIn(status, [400, 421], f"{host} {path}")
                self.assertNotIn("web", text)
            answer = self.order("POST", "networks/web/hold", {"reason": "x"}, Host=host)
            self.assertIn(answer[0], [400, 421])
        for host in ["localhost", "127.0.0.1:1", "[::1]:80"]:
            self.assertEqual(self.ask("GET", "/api/v1/networks", Host=host)[0], 200, host)

    def test_other_origins(self):
        for origin in ["http://evil.test", "null", "https://127.0.0.1.evil.test",
                       f"http://{self.address.netloc}.evil.test", "file://"]:
            answer = self.order("POST", "networks/web/hold", {"reason": "x"}, Origin=origin)
            self.assertRefused(answer, 403, "origin")
        self.assertNotIn("rotationHold", self.json("networks/web"))

    def test_no_answer_lets_other_pages_read(self):
        for method in ["GET", "HEAD", "OPTIONS", "POST", "PUT"]:
            for path in ["/", "/parts", "/metrics", "/api/v1/networks", "/api/v1/reload", "/api/x"]:
                status, headers, text = self.ask(
                    method, path, Origin="http://evil.test",
                    Access_Control_Request_Method="POST",
                    Access_Control_Request_Headers="authorization")
                for name in headers:
                    self.assertFalse(name.lower().startswith("access-control"), name)

    def test_orders_need_the_token(self):
        before = self.json("networks/web/events?kind=command")["events"]
        edge = f"networks/web/edges/{self.edge}/mode"
        orders = [("POST", "reload"), ("POST", edge), ("POST", "networks/web/hold"),
                  ("DELETE", "networks/web/hold"), ("POST", "networks/web/approve"),
                  ("POST", "networks/web/round"), ("POST", "networks/other/round")]
        wrong = [None, "Bearer", "Bearer ", f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN}x",
                 f"bearer{TOKEN}", f"Basic {TOKEN}", TOKEN,
                 "Basic " + base64.b64encode(f"x:{TOKEN}".encode()).decode()]
        for method, path in orders:
            for word in wrong:
                headers = {"Authorization": word} if word else {}
                answer = self.ask(method, f"/api/v1/{path}", "{}", **headers,
                                  Content_Type="application/json")
                self.assertRefused(answer, 401, "unauthorized")
                self.assertTrue(answer[1]["WWW-Authenticate"].startswith("Bearer"))
        self.assertEqual(self.json("networks/web/events?kind=command")["events"], before)

    def test_the_token_is_never_told(self):
        said = []
        for path in ["/", "/parts", "/actor", "/metrics", f"/networks/web/edges/{self.edge}"] + [
                f"/api/v1/{path}" for path in [
                    "health", "networks", "networks/web", "networks/web/edges", "networks/web/events",
                    "networks/web/alarms", f"networks/web/edges/{self.edge}", "openapi.json", "x"]]:
            status, headers, text = self.ask("GET", path, Authorization=f"Bearer {TOKEN}")
            said += [text, str(headers)]
        for method, path, value in [
                ("POST", "networks/web/hold", {"reason": "x", "for": "1s"}),
                ("POST", "networks/web/hold", {"reason": 1}), ("DELETE", "networks/web/hold", None),
                ("POST", "networks/web/round", None), ("PUT", "networks", {})]:
            status, headers, text = self.order(method, path, value)
            said += [text, str(headers)]
        said.append(self.scene.read("edgemanage.log") + self.scene.read("daemon.log"))
        with open(f"{self.scene.place}/edgemanage.db", "rb") as file:
            said.append(file.read().decode(errors="replace"))
        for text in said:
            self.assertNotIn(TOKEN, text)

    def test_too_much_is_refused(self):
        head = f"GET /api/v1/health HTTP/1.1\r\nHost: {self.address.netloc}\r\n"
        for more in ["X: " + "a" * 20_000, "\r\n".join(f"X{n}: a" for n in range(2000)),
                     "Cookie: " + "a" * (1 << 22)]:
            self.assertNotIn("200 OK", self.raw(f"{head}{more}\r\nConnection: close\r\n\r\n".encode()))
        answer = self.raw(b"GET /" + b"a" * (1 << 20) + b" HTTP/1.1\r\n\r\n")
        self.assertNotIn("200 OK", answer)
        body = self.raw(
            f"POST /api/v1/networks/web/hold HTTP/1.1\r\nHost: {self.address.netloc}\r\n"
            f"Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n"
            f"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode()
            + b"10000\r\n" + b" " * 65536 + b"\r\n1\r\n{\r\n0\r\n\r\n")
        self.assertIn(" 413 ", body)
        self.assertEqual(self.ask("GET", "/api/v1/health")[0], 200)

    def test_garbage_is_no_request(self):
        for data in [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", os.urandom(4096), b"\r\n" * 100,
                     b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n",
                     b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                     b"POST /api/v1/reload HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"]:
            self.assertNotIn(" 200 OK", self.raw(data, seconds=0.5))
        self.assertEqual(self.ask("GET", "/api/v1/health")[0], 200)

    def test_rounds_go_on_under_connections(self):
        """300 connections that say nothing or very slowly, and rounds come as before; then it answers again."""
        links = []
        try:
            for number in range(300):
                link = socket.socket()
                link.setblocking(False)
                try:
                    link.connect((self.address.hostname, self.address.port))
                except BlockingIOError:
                    pass
                links.append(link)
            def drip():
                for link in links[::2]:
                    try:
                        link.send(b"G")
                    except OSError:
                        pass
            def rounds():
                drip()
                view = self.scene.command("status", "--json").stdout
                return json.loads(view)["lastRun"] if view else 0
            first = rounds()
            wait(lambda: rounds() >= first + 3, "three rounds", self.scene.explain)
            # The socket for commands is a door of its own.
            self.assertEqual(self.scene.command("hold", "web", "crowd", "--for", "1s").returncode, 0)
        finally:
            for link in links:
                link.close()
        wait(lambda: self.ask("GET", "/api/v1/health")[0] == 200, "an answer", self.scene.explain)


class ReadOnly(Case):
    """A daemon without a token gives no orders, whoever asks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        text = cls.scene.read("edgemanage.yaml").replace(", token: token", "")
        cls.scene.write("edgemanage.yaml", text)
        cls.scene.stop()
        cls.scene.start()
        import urllib.parse
        cls.address = urllib.parse.urlsplit(cls.scene.url)

    def test_nobody_gives_orders(self):
        for token in [TOKEN, "", "null"]:
            answer = self.order("POST", "networks/web/hold", {"reason": "x"}, token=token)
            self.assertIn("for reading only", self.assertRefused(answer, 401, "unauthorized"))
        self.assertNotIn("rotationHold", self.json("networks/web"))
