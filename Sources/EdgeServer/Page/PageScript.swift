/// The page's script: it keeps what is shown up to date, walks by keys, and gives orders for those who have the token.
enum PageScript {
    static let text = live + keys + PageScript.orders

    /// Parts that changed are asked for after each event, and exchanged a few at a time, so that no key waits.
    private static let live = #"""
        "use strict";
        const $ = (id) => document.getElementById(id);
        const body = document.body;
        body.classList.add("scripted");
        let version = body.dataset.version, shown = Date.now(), beat = Date.now();
        let asking = false, again = false, isLost = false, retry = 0;
        const seen = new Map();
        const box = document.createElement("template");
        const frame = (ms) => new Promise((done) => setTimeout(done, ms || 0));
        // Nothing is exchanged under a pressed button, nor what is being selected.
        let pressed = false;
        const pending = new Map();
        addEventListener("pointerdown", () => { pressed = true; }, true);
        for (const name of ["pointerup", "pointercancel", "blur"]) {
          addEventListener(name, () => setTimeout(() => { pressed = false; }, 0), true);
        }
        const age = (ms) => {
          const s = Math.max(0, Math.round(ms / 1000));
          return s < 120 ? s + " s" : s < 7200 ? Math.round(s / 60) + " min"
            : Math.round(s / 3600) + " h";
        };

        function element(html) { box.innerHTML = html; return box.content.firstElementChild; }

        function swap(part, said) {
          const old = $(part.id);
          pending.delete(part.id);
          if (!old || seen.get(part.id) === part.html) return;
          const selection = getSelection();
          if (selection && !selection.isCollapsed && selection.containsNode(old, true)) {
            pending.set(part.id, part);
            return;
          }
          seen.set(part.id, part.html);
          const fresh = element(part.html);
          if (!fresh || fresh.isEqualNode(old)) return;
          for (const open of old.querySelectorAll("details[id]")) {
            const same = fresh.querySelector("#" + CSS.escape(open.id));
            if (same) same.open = open.open;
          }
          fresh.hidden = old.hidden;
          const before = old.dataset.word, after = fresh.dataset.word;
          if (before && after && before !== after) {
            fresh.classList.add("changed");
            said.push(fresh.dataset.name + ": " + (fresh.localName === "tr"
              ? "from " + before + " to " + after : after));
          }
          const focus = old.contains(document.activeElement) ? document.activeElement : null;
          const wanted = focus && (focus.id || focus.dataset.order);
          decorate(fresh);
          old.replaceWith(fresh);
          if (!wanted) return;
          const next = $(focus.id)
            || fresh.querySelector('[data-order="' + CSS.escape(focus.dataset.order || "") + '"]');
          if (next) next.focus({ preventScroll: true });
        }

        async function order(rows, html) {
          for (const [network, ids] of Object.entries(rows)) {
            const table = $("rows:" + network);
            if (!table) return location.reload();
            const wanted = new Set(ids);
            for (const row of [...table.rows]) if (!wanted.has(row.id)) row.remove();
            let place = table.firstElementChild, start = performance.now();
            for (const id of ids) {
              let row = $(id);
              if (!row && html.has(id)) {
                row = element(html.get(id));
                seen.set(id, html.get(id));
              }
              if (!row) continue;
              if (row === place) place = place.nextElementSibling;
              else table.insertBefore(row, place);
              if (performance.now() - start > 12) { await frame(); start = performance.now(); }
            }
          }
        }

        async function refresh() {
          if (!body.dataset.parts) return;
          if (asking) { again = true; return; }
          asking = true;
          try {
            do {
              again = false;
              const answer = await fetch(body.dataset.parts + "?since=" + version,
                { cache: "no-store" });
              if (!answer.ok) throw new Error("status " + answer.status);
              const changes = await answer.json();
              if (changes.release !== body.dataset.release) return location.reload();
              const names = [...document.querySelectorAll("section.network")].map(
                (section) => section.id.slice(2));
              if (body.dataset.parts === "/parts" && names.join() !== changes.networks.join()) {
                return location.reload();
              }
              const said = [];
              if (Object.keys(changes.rows).length) {
                await order(changes.rows, new Map(changes.parts.map((p) => [p.id, p.html])));
              }
              let start = performance.now();
              for (const part of [...pending.values(), ...changes.parts]) {
                while (pressed) await frame(20);
                swap(part, said);
                if (performance.now() - start > 12) { await frame(); start = performance.now(); }
              }
              version = body.dataset.version = changes.version;
              shown = Date.now();
              clock();
              filter();
              if (said.length) $("said").textContent = said.slice(0, 5).join(". ")
                + (said.length > 5 ? ". And " + (said.length - 5) + " more." : "");
            } while (again);
            lost(false);
          } catch { lost(true); } finally { asking = false; }
        }

        function clock() {
          const time = document.querySelector(".as-of time");
          const now = new Date(shown).toISOString();
          time.dateTime = now;
          time.textContent = now.slice(11, 19);
        }

        function lost(state) {
          isLost = state;
          $("lost").hidden = !state;
          if (state) $("lost").textContent = "The connection to the daemon is lost: what is shown is "
            + age(Date.now() - shown) + " old. It is tried again by itself.";
        }

        let source = null;
        function listen() {
          clearTimeout(retry);
          if (source) source.close();
          source = new EventSource("/events");
          const alive = () => { beat = Date.now(); };
          source.addEventListener("open", () => { alive(); refresh(); });
          source.addEventListener("beat", alive);
          source.addEventListener("change", () => { alive(); refresh(); });
          source.addEventListener("error", () => {
            lost(true);
            if (source.readyState === EventSource.CLOSED) {
              retry = setTimeout(() => { refresh(); listen(); }, 10000);
            }
          });
        }
        setInterval(() => {
          if (isLost) lost(true);
          if (Date.now() - beat > 40000) { beat = Date.now(); lost(true); listen(); }
        }, 1000);
        if (body.dataset.parts) {
          if (new URLSearchParams(location.search).has("find")) {
            history.replaceState(null, "", "/" + location.hash);
          }
          listen();
          addEventListener("pagehide", () => { if (source) source.close(); });
          addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
        }

        """#

    private static let keys = #"""
        const find = $("find");
        function filter() {
          const found = $("found");
          if (!found) return;
          const wanted = find.value.trim().toLowerCase();
          let count = 0, all = 0;
          for (const row of document.querySelectorAll(".edges tbody tr")) {
            row.hidden = wanted !== "" && !row.dataset.name.toLowerCase().includes(wanted);
            all += 1;
            if (!row.hidden) count += 1;
          }
          found.textContent = wanted ? count + " of " + all + " edges" : "";
        }
        if (find && $("found")) {
          find.addEventListener("input", filter);
          find.form.addEventListener("submit", (event) => { event.preventDefault(); step(1); });
          filter();
        }

        function step(by) {
          const links = [...document.querySelectorAll(".edges tbody tr:not([hidden]) th a")];
          if (!links.length) return;
          const place = links.indexOf(document.activeElement);
          const next = place < 0 ? (by > 0 ? 0 : links.length - 1)
            : Math.min(Math.max(place + by, 0), links.length - 1);
          links[next].focus();
          links[next].scrollIntoView({ block: "nearest" });
        }

        addEventListener("keydown", (event) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          if (document.querySelector("dialog[open]")) return;
          const field = event.target.closest("input, select, textarea");
          if (field) {
            if (event.key === "Escape") field.blur();
            else if (field === find && event.key === "ArrowDown" && $("found")) step(1);
            else return;
            event.preventDefault();
            return;
          }
          const inTable = event.target.closest(".edges");
          switch (event.key) {
            case "/": if (!find) return; find.focus(); find.select(); break;
            case "j": step(1); break;
            case "k": step(-1); break;
            case "ArrowDown": if (!inTable) return; step(1); break;
            case "ArrowUp": if (!inTable) return; step(-1); break;
            case "u": if (location.pathname === "/") return; location.assign("/"); break;
            case "?": $("keys").showModal(); break;
            default: return;
          }
          event.preventDefault();
        });
        $("keys-button").addEventListener("click", () => $("keys").showModal());

        """#

    private static let orders = #"""
        const stored = () => sessionStorage.getItem("edgemanage-token") || "";
        const headers = (token) => ({ Authorization: "Bearer " + token });
        function decorate(root) {
          for (const code of root.querySelectorAll(".command code")) {
            if (code.nextElementSibling) continue;
            const button = document.createElement("button");
            button.type = "button";
            button.textContent = "Copy";
            button.dataset.copy = "";
            code.after(button);
          }
        }
        async function copy(button) {
          const code = button.previousElementSibling;
          try {
            await navigator.clipboard.writeText(code.textContent);
            button.textContent = "Copied";
          } catch {
            getSelection().selectAllChildren(code);
            button.textContent = "Selected: press Ctrl+C";
          }
        }

        async function unlock(token, isNew) {
          let actor = null;
          try {
            const answer = await fetch("/actor", { headers: headers(token), cache: "no-store" });
            actor = answer.ok ? (await answer.json()).actor : null;
          } catch { $("token-said").textContent = "The daemon can't be reached."; return; }
          if (actor) sessionStorage.setItem("edgemanage-token", token);
          else sessionStorage.removeItem("edgemanage-token");
          body.classList.toggle("unlocked", !!actor);
          $("token-button").textContent = actor ? "Orders: unlocked" : "Orders: locked";
          $("token-said").textContent = actor ? "Orders can be given from this tab."
            : "The daemon does not take this token.";
          if (actor && isNew) {
            $("token-form").hidden = true;
            $("token-button").setAttribute("aria-expanded", "false");
            $("token-button").focus();
            $("said").textContent = "Orders can be given from this tab.";
          }
        }
        $("token-button").addEventListener("click", () => {
          const form = $("token-form");
          form.hidden = !form.hidden;
          $("token-button").setAttribute("aria-expanded", String(!form.hidden));
          if (!form.hidden) $("token").focus();
        });
        $("token-form").addEventListener("submit", (event) => {
          event.preventDefault();
          const token = $("token").value.trim();
          $("token").value = "";
          if (token) unlock(token, true);
        });
        $("token-forget").addEventListener("click", () => {
          sessionStorage.removeItem("edgemanage-token");
          body.classList.remove("unlocked");
          $("token-button").textContent = "Orders: locked";
          $("token-said").textContent = "Forgotten.";
        });

        const kinds = {
          drain: { title: "Drain", go: "Drain it", reason: true, length: true, insist: true,
            words: "It is taken out of the DNS. Visitors follow as resolvers' copies expire." },
          undrain: { title: "Make available", go: "Make it available",
            words: "It goes live again by its merits, which need not be at once." },
          hold: { title: "Hold rotations of", go: "Hold", reason: true, length: true,
            words: "Health changes nothing any more until rotations go on: dead edges stay live." },
          resume: { title: "Let rotations go on in", go: "Let them go on",
            words: "What health asks for is done in the next round." },
          approve: { title: "Approve what is held in", go: "Approve",
            words: "Exactly what is shown as held is published at once." },
          round: { title: "Ask the edges now in", go: "Ask them",
            words: "A round is made at once." },
        };
        let present = null;
        async function ask(button) {
          const line = button.closest(".orders");
          const { network, edge } = line.dataset;
          const kind = kinds[button.dataset.order];
          present = { name: button.dataset.order, network, edge, kind };
          $("order-title").textContent = kind.title + " " + (edge || network) + "?";
          $("order-go").textContent = kind.go;
          $("order-said").textContent = "";
          for (const [id, used] of [["order-reason", kind.reason], ["order-for", kind.length],
            ["order-insist", kind.insist]]) {
            $(id).closest(".field").hidden = !used;
            $(id).value = "";
            $(id).checked = false;
          }
          const words = [kind.words];
          if (present.name === "approve") {
            for (const item of $("head:" + network).querySelectorAll(".held li")) {
              words.push(item.firstChild.textContent.trim());
            }
          }
          say(words);
          $("order").showModal();
          if (present.name !== "drain") return;
          try {
            const answer = await fetch("/networks/" + network + "/edges/"
              + encodeURIComponent(edge) + "/forecast", { cache: "no-store" });
            const forecast = await answer.json();
            say([kind.words, "Is it safe? " + forecast.words[0], ...forecast.words.slice(1)]);
          } catch { say([kind.words, "Whether it is safe could not be asked."]); }
        }
        function say(lines) {
          $("order-words").replaceChildren(...lines.map((line) => {
            const p = document.createElement("p");
            p.textContent = line;
            return p;
          }));
        }
        async function send() {
          const { name, network, edge } = present;
          const reason = $("order-reason").value.trim(), length = $("order-for").value.trim();
          const text = {};
          let path = "/api/v1/networks/" + network + "/" + name, method = "POST";
          if (name === "drain" || name === "undrain") {
            path = "/api/v1/networks/" + network + "/edges/" + encodeURIComponent(edge) + "/mode";
            text.mode = name === "drain" ? "unavailable" : "available";
            if (name === "drain") text.insist = $("order-insist").checked;
            if (reason) text.comment = reason;
          } else if (name === "resume") {
            path = "/api/v1/networks/" + network + "/hold";
            method = "DELETE";
          } else if (name === "hold") text.reason = reason;
          if (present.kind.length && length) text.for = length;
          $("order-go").disabled = true;
          $("order-said").textContent = "";
          try {
            const answer = await fetch(path, { method, headers: { ...headers(stored()),
              "Content-Type": "application/json" }, body: JSON.stringify(text) });
            const reply = await answer.json().catch(() => ({}));
            if (!answer.ok) throw new Error(reply.error || "The daemon answered " + answer.status);
            $("order").close();
            $("said").textContent = [...(reply.done || []), ...(reply.warnings || [])].join(". ");
            refresh();
          } catch (error) { $("order-said").textContent = error.message; }
          $("order-go").disabled = false;
        }
        $("order").querySelector("form").addEventListener("submit", (event) => {
          event.preventDefault();
          if (present.kind.reason && !$("order-reason").value.trim()) {
            $("order-said").textContent = "Say why: others will ask.";
            $("order-reason").focus();
            return;
          }
          send();
        });
        $("order-close").addEventListener("click", () => $("order").close());
        document.addEventListener("click", (event) => {
          const button = event.target.closest("button[data-order], button[data-copy]");
          if (!button) return;
          if (button.dataset.order) ask(button); else copy(button);
        });
        decorate(document);
        if (stored()) unlock(stored(), false);

        """#
}
