import EdgeCore
import EdgeLoopback
import EdgeSystemAlarm
import Foundation
import Testing

/// Webhooks against a real server on loopback.
@Suite struct WebhookTests {
    @Test func sendsTheWholeNotificationAsJSON() async throws {
        try await HookScene.with { scene in
            let webhook = AlarmWebhook(url: scene.root + "/hooks/ops?x=1", headers: ["X-Team": "a"])
            #expect(await scene.send(webhook) == nil)
            let request = try #require(scene.hook.requests.first)
            #expect(request.method == "POST" && request.path == "/hooks/ops?x=1")
            #expect(request.headers["content-type"] == "application/json")
            #expect(request.headers["x-team"] == "a" && request.headers["authorization"] == nil)
            #expect(request.headers["idempotency-key"] == "web-1-1700000000")
            let read = try JSONDecoder().decode(
                AlarmNotification.self, from: Data(request.body))
            #expect(read == HookScene.notification)
            #expect(request.text.contains("\"schema\":1"))
        }
    }

    @Test func aTemplateMakesTheBody() async throws {
        try await HookScene.with { scene in
            let path = try scene.write(
                "slack.template",
                """
                {"text": "{% if is_resolved %}OK{% else %}{{ severity|upper }}{% endif %}: {{ sentence }}",
                 "edges": [{% for s in subjects %}"{{ s.name }}"{% if not forloop.last %}, {% endif %}{% endfor %}]}
                """)
            let failure = await scene.send(AlarmWebhook(url: scene.root + "/", template: path))
            #expect(failure == nil)
            let body = try #require(scene.hook.requests.first).body
            let read = try #require(
                try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
            #expect(
                read["text"] as? String
                    == "WARNING: network web: edge a.test is out: \"refused\" the \\ connection")
            #expect(read["edges"] as? [String] == ["a.test"])
        }
    }

    @Test(arguments: [
        (LoopbackHook.Behaviour.answer(500, "it is\nbroken"), "it answered 500: it is?broken"),
        (.answer(404, ""), "it answered 404"),
        (
            .redirect("http://127.0.0.1:1/elsewhere"),
            "it redirects (302), which is not followed: correct its URL"
        ),
    ])
    func saysWhatCameBack(behaviour: LoopbackHook.Behaviour, words: String) async throws {
        try await HookScene.with { scene in
            scene.hook.behave(behaviour)
            #expect(await scene.send(AlarmWebhook(url: scene.root + "/")) == words)
            #expect(scene.hook.requests.count == 1)
        }
    }

    @Test func aRedirectToItselfIsNotFollowedEither() async throws {
        try await HookScene.with { scene in
            scene.hook.behave(.redirect("/again"))
            #expect(await scene.send(AlarmWebhook(url: scene.root + "/"))?.isEmpty == false)
            #expect(scene.hook.requests.map(\.path) == ["/"])
        }
    }

    /// Whoever says nothing, or does not end, holds nobody up.
    @Test(
        .timeLimit(.minutes(5)),
        arguments: [LoopbackHook.Behaviour.silence, .endless(500), .hangUp, .endless(200)])
    func isBoundedInTime(behaviour: LoopbackHook.Behaviour) async throws {
        try await HookScene.with { scene in
            scene.hook.behave(behaviour)
            // Who says nothing is waited for to the end; the others end by themselves.
            let patience: Duration = behaviour == .silence ? .milliseconds(800) : .seconds(50)
            let failure = await scene.send(
                AlarmWebhook(url: scene.root + "/"), within: patience)
            switch behaviour {
            case .silence: #expect(failure == "it did not take it within 800 ms")
            case .endless(500): #expect(failure?.hasPrefix("it answered 500: xxxx") == true)
            case .endless: #expect(failure == nil)
            default: #expect(failure?.hasPrefix("it could not be reached: ") == true)
            }
            #expect((failure ?? "").utf8.count < 200)
        }
    }

    @Test func whoRefusesIsNamed() async throws {
        try await HookScene.with { scene in
            await scene.hook.stop()
            #expect(
                await scene.send(AlarmWebhook(url: scene.root + "/"))
                    == "it refused the connection")
        }
    }

    @Test func certificatesAreChecked() async throws {
        try await HookScene.with(certificate: .loopback) { scene in
            let distrusted = await scene.send(AlarmWebhook(url: scene.root + "/"))
            #expect(distrusted == "its certificate is not valid for its name, or not trusted")
            let authority = try scene.write("ca.pem", TestCertificate.loopback.certificate)
            #expect(
                await scene.send(AlarmWebhook(url: scene.root + "/", authorities: authority))
                    == nil)
            let missing = await scene.send(
                AlarmWebhook(url: scene.root + "/", authorities: scene.directory + "/none.pem"))
            #expect(missing?.contains("none.pem can't be read") == true)
            #expect(scene.hook.requests.count == 1)
        }
    }

    @Test func aCertificateForAnotherNameIsRefused() async throws {
        try await HookScene.with(certificate: .good) { scene in
            let authority = try scene.write("ca.pem", TestCertificate.authority)
            let failure = await scene.send(
                AlarmWebhook(url: scene.root + "/", authorities: authority))
            #expect(failure == "its certificate is not valid for its name, or not trusted")
            #expect(scene.hook.requests.isEmpty)
        }
    }

    @Test func theSecretGoesWhereItBelongsAndNowhereElse() async throws {
        try await HookScene.with { scene in
            let secret = try scene.write("secret", "tell-nobody\n", mode: 0o640)
            let bearer = AlarmWebhook(url: scene.root + "/", secretFile: secret)
            #expect(await scene.send(bearer) == nil)
            #expect(scene.hook.take().first?.headers["authorization"] == "Bearer tell-nobody")
            let inside = AlarmWebhook(
                url: scene.root + "/{secret}/x", headers: ["X-Key": "k={secret}"],
                secretFile: secret)
            #expect(await scene.send(inside) == nil)
            let request = try #require(scene.hook.take().first)
            #expect(request.path == "/tell-nobody/x" && request.headers["x-key"] == "k=tell-nobody")
            #expect(
                request.headers["authorization"] == nil && !request.text.contains("tell-nobody"))
            // A server that prints its path.
            scene.hook.behave(.answer(500, "no hook at /tell-nobody/x"))
            #expect(await scene.send(inside) == "it answered 500: no hook at /…/x")
        }
    }

    @Test func aSecretThatOthersCanReadIsRefused() async throws {
        try await HookScene.with { scene in
            for (text, mode, words) in [
                ("x\n", 0o644, "can be read or written by others: chmod 640"),
                ("x\n", 0o660, "can be read or written by others: chmod 640"),
                ("x\ny\n", 0o600, "must hold one line"), ("", 0o600, "must hold one line"),
                ("a b", 0o600, "must hold one line"),
                (String(repeating: "x", count: 5000), 0o600, "more than 4096 bytes"),
            ] as [(String, mode_t, String)] {
                let secret = try scene.write("secret", text, mode: mode)
                let failure = await scene.send(
                    AlarmWebhook(url: scene.root + "/", secretFile: secret))
                #expect(failure?.contains(words) == true, "\(failure ?? "sent")")
                #expect(failure?.contains(secret) == true)
            }
            #expect(scene.hook.requests.isEmpty)
        }
    }
}
