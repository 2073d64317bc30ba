/// The page's templates, in Mustache. Three braces take only what the server itself made: drawings and times.
enum PageTemplates {
    static let all: [String: String] = [
        "layout": layout, "overview": overview, "health": health, "head": head, "row": row,
        "rest": rest, "events": events, "zones": zones, "failure": failure,
        "unreadable": unreadable,
    ].merging(edgeTemplates) { first, _ in first }

    static let layout = """
        {{%CONTENT_TYPE:PAGE}}<!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{{title}}</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="{{style}}">
        <script src="{{script}}" defer></script>
        <noscript><meta http-equiv="refresh" content="30"></noscript>
        </head>
        <body data-parts="{{parts}}" data-version="{{version}}" data-release="{{release}}">
        <a class="skip" href="#main">Skip to the content</a>
        <p id="lost" class="lost" role="alert" hidden></p>
        <header>
        <p class="brand"><a href="/">edgemanage</a></p>
        <nav aria-label="Networks"><ul>
        {{#networks}}<li><a href="/#n:{{.}}">{{.}}</a></li>
        {{/networks}}
        </ul></nav>
        <p class="as-of">As of {{{asOf}}} UTC</p>
        <p class="tools needs-script">
        <button type="button" id="keys-button">Keys <kbd>?</kbd></button>
        <button type="button" id="token-button" aria-expanded="false">Orders: locked</button>
        </p>
        <form id="token-form" class="token" hidden>
        <label for="token">Token, as in the file that server.token names. It stays in this tab.</label>
        <input id="token" type="password" autocomplete="off" spellcheck="false">
        <button type="submit">Unlock</button> <button type="button" id="token-forget">Forget</button>
        <p id="token-said" role="status"></p>
        </form>
        </header>
        <main id="main" tabindex="-1">
        {{{main}}}
        </main>
        <footer>
        <p>edgemanage {{program}}. Times are UTC. Nothing here is loaded from elsewhere.</p>
        </footer>
        <p id="said" class="unseen" role="status" aria-live="polite"></p>
        <dialog id="order" aria-labelledby="order-title">
        <form method="dialog">
        <h2 id="order-title"></h2>
        <div id="order-words" aria-live="polite"></div>
        <p class="field"><label for="order-reason">Why (kept with it, and shown)</label>
        <input id="order-reason" autocomplete="off" maxlength="200"></p>
        <p class="field"><label for="order-for">For how long, such as 2h; empty: until it is undone</label>
        <input id="order-for" autocomplete="off" maxlength="12"></p>
        <p class="field"><label><input id="order-insist" type="checkbox"> Even if fewer than min_live
        would be left</label></p>
        <p id="order-said" role="alert"></p>
        <p class="buttons"><button type="submit" id="order-go" value="go"></button>
        <button type="button" id="order-close">Leave it</button></p>
        </form>
        </dialog>
        <dialog id="keys" aria-labelledby="keys-title">
        <h2 id="keys-title">Keys</h2>
        <dl>
        <dt><kbd>/</kbd></dt><dd>search</dd>
        <dt><kbd>j</kbd> <kbd>↓</kbd></dt><dd>next edge</dd>
        <dt><kbd>k</kbd> <kbd>↑</kbd></dt><dd>edge before</dd>
        <dt><kbd>Enter</kbd></dt><dd>open it</dd>
        <dt><kbd>u</kbd></dt><dd>up to all networks</dd>
        <dt><kbd>?</kbd></dt><dd>these keys</dd>
        <dt><kbd>Esc</kbd></dt><dd>close, or leave the search</dd>
        </dl>
        <form method="dialog"><button type="submit">Close</button></form>
        </dialog>
        </body>
        </html>

        """

    static let overview = """
        {{%CONTENT_TYPE:PAGE}}<h1 class="unseen">Networks and their edges</h1>
        {{{health}}}
        <form class="search" role="search" action="/" method="get">
        <label for="find">Find an edge</label>
        <input id="find" name="find" type="search" value="{{find}}" autocomplete="off">
        <button type="submit" class="without-script">Find</button> <kbd class="needs-script">/</kbd>
        <span id="found" role="status"></span>
        </form>
        {{#networks}}
        <section class="network" id="n:{{name}}" aria-labelledby="h:{{name}}">
        {{{head}}}
        <div class="scroll">
        <table class="edges" role="table">
        <caption class="unseen">Edges and canaries of network {{name}}</caption>
        <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">State</th>
        <th scope="col" role="columnheader">Edge</th><th scope="col" role="columnheader">Mode</th>
        <th scope="col" role="columnheader">Last fetch</th><th scope="col" role="columnheader">5-minute mean</th>
        <th scope="col" role="columnheader">Last hour</th><th scope="col" role="columnheader">Why</th></tr></thead>
        <tbody id="rows:{{name}}" role="rowgroup">
        {{{rows}}}
        </tbody>
        </table>
        </div>
        {{{rest}}}
        </section>
        {{/networks}}
        {{^networks}}<p>This daemon runs no network.</p>{{/networks}}
        """

    static let health = """
        {{%CONTENT_TYPE:PAGE}}<section id="health" class="health {{level}}" aria-label="The daemon" data-name="daemon" data-word="{{word}}">
        <p>{{{mark}}} <strong>{{sentence}}</strong></p>
        {{#hasTroubles}}<ul>{{#troubles}}<li>{{.}}</li>{{/troubles}}</ul>{{/hasTroubles}}
        <p class="quiet">Process {{process}} since {{{since}}}, configuration <code>{{configuration}}</code>
        read {{{read}}}{{#rounds}}; {{network}}: last round {{{time}}}{{/rounds}}</p>
        </section>
        """

    static let head = """
        {{%CONTENT_TYPE:PAGE}}<div id="{{id}}" class="head {{level}}" data-name="{{name}}" data-word="{{sentence}}">
        <h2 id="h:{{name}}">{{{mark}}} {{name}}</h2>
        <p class="sentence">{{sentence}}</p>
        <dl class="facts">
        <div><dt>Live set</dt><dd>{{live}}</dd></div>
        <div><dt>At least</dt><dd>{{minimum}} stay live</dd></div>
        <div><dt>Substitutions left</dt><dd>{{budgetLeft}} of {{budget}} in 10 minutes</dd></div>
        <div><dt>Zones</dt><dd><a href="/networks/{{name}}/zones">{{zones}}</a>, generation {{generation}}</dd></div>
        <div><dt>Last round</dt><dd>{{#lastRun}}{{{lastRun}}}{{/lastRun}}{{^lastRun}}none yet{{/lastRun}}</dd></div>
        {{#monitor}}<div><dt>This monitor</dt><dd>{{monitor}}</dd></div>{{/monitor}}
        </dl>
        {{#hasAlarms}}<h3>Alarms</h3>
        <ul class="alarms">{{#alarms}}<li class="{{level}}">{{{mark}}} <strong>{{severity}}</strong>
        {{what}} <span class="quiet">since {{{since}}}{{#told}}, told: {{told}}{{/told}}</span></li>
        {{/alarms}}</ul>{{/hasAlarms}}
        {{#hasHolds}}<h3>Held</h3>
        <ul class="held">{{#holds}}<li>{{message}} <span class="quiet">since {{{since}}}</span>
        {{#command}}<span class="command"><code>{{command}}</code></span>{{/command}}</li>
        {{/holds}}</ul>{{/hasHolds}}
        {{#hasTroubles}}<h3>To look at</h3>
        <ul class="troubles">{{#troubles}}<li>{{.}}</li>{{/troubles}}</ul>{{/hasTroubles}}
        <p class="orders" data-network="{{name}}">
        {{#isHeld}}<button type="button" data-order="resume">Let rotations go on</button>{{/isHeld}}
        {{^isHeld}}<button type="button" data-order="hold">Hold rotations</button>{{/isHeld}}
        {{#isApprovable}}<button type="button" data-order="approve">Approve what is held</button>{{/isApprovable}}
        <button type="button" data-order="round">Ask the edges now</button></p>
        </div>
        """

    /// In the head's place, of a network that can't be read.
    static let unreadable = """
        {{%CONTENT_TYPE:PAGE}}<div id="{{id}}" class="head {{level}}" data-name="{{name}}" data-word="{{sentence}}">
        <h2 id="h:{{name}}">{{{mark}}} {{name}}</h2>
        <p class="sentence">{{sentence}}</p>
        <ul class="troubles"><li>{{reason}}</li></ul>
        </div>
        """

    /// Rows are laid out as grids, so that those out of sight cost nothing; roles say that they are rows all the same.
    static let row = """
        {{%CONTENT_TYPE:PAGE}}<tr id="{{id}}" role="row" class="{{kind}}" data-name="{{edge}}" data-word="{{word}}">\
        <td role="cell" class="state">{{{mark}}} {{word}}</td>\
        <th role="rowheader" scope="row"><a id="{{id}}:a" href="{{href}}">{{edge}}</a>\
        {{#address}} <small>{{address}}</small>{{/address}}</th>\
        <td role="cell" data-label="Mode"><span>{{mode}}{{#until}} <small>until {{{until}}}</small>{{/until}}\
        {{#comment}} <small class="comment">{{comment}}</small>{{/comment}}</span></td>\
        <td role="cell" class="n" data-label="Last fetch"><span><span class="time">{{now}}</span> {{{bar}}}</span></td>\
        <td role="cell" class="n" data-label="5-minute mean">{{mean}}</td>\
        <td role="cell" data-label="Last hour"><span>{{{spark}}}<span class="unseen">{{sparkWords}}</span></span></td>\
        <td role="cell" class="why" data-label="Why">{{why}}</td></tr>
        """

    static let rest = """
        {{%CONTENT_TYPE:PAGE}}<div id="{{id}}" class="rest" data-name="{{name}}">
        {{#hasServers}}<h3>Name servers</h3>
        <div class="scroll"><table class="servers">
        <caption class="unseen">Name servers of network {{name}}</caption>
        <thead><tr><th scope="col">State</th><th scope="col">Server</th><th scope="col">Zones served as published</th>
        <th scope="col">Lags</th><th scope="col">What it says</th></tr></thead>
        <tbody>{{#servers}}<tr class="{{level}}"><td class="state">{{{mark}}} {{state}}</td>
        <th scope="row">{{server}} <small>{{address}}</small></th><td data-label="Zones served">{{served}}</td>
        <td data-label="Lags">{{#since}}since {{{since}}}{{/since}}{{^since}}–{{/since}}</td>
        <td data-label="What it says">{{words}}</td></tr>
        {{/servers}}</tbody></table></div>{{/hasServers}}
        {{>events}}
        </div>
        """

    static let events = """
        {{%CONTENT_TYPE:PAGE}}{{#hasEvents}}<details id="{{id}}:events" open><summary><h3>Last events</h3></summary>
        <ol class="events">{{#events}}<li>{{{time}}} <span class="kind">{{kind}}</span>
        <span class="who">{{actor}}</span> {{message}}</li>
        {{/events}}</ol>
        <p class="quiet">More: <code>{{command}}</code></p></details>{{/hasEvents}}
        """

    static let zones = """
        {{%CONTENT_TYPE:PAGE}}<h1>Zones of {{network}}</h1>
        <p><a href="/">All networks</a></p>
        <form class="search" role="search" action="/networks/{{network}}/zones" method="get">
        <label for="find">Find a zone</label>
        <input id="find" name="find" type="search" value="{{find}}" autocomplete="off">
        <button type="submit">Find</button>
        </form>
        <p role="status">{{found}}</p>
        {{#hasRows}}<div class="scroll"><table class="zones">
        <caption class="unseen">Zones, their serials, and what is to be said of them</caption>
        <thead><tr><th scope="col">Zone</th><th scope="col">Serial</th><th scope="col">To look at</th></tr></thead>
        <tbody>{{#rows}}<tr><th scope="row">{{zone}}</th><td class="n" data-label="Serial">{{serial}}</td>
        <td data-label="To look at">{{#notes}}<p>{{.}}</p>{{/notes}}</td></tr>
        {{/rows}}</tbody></table></div>{{/hasRows}}
        <nav class="pages" aria-label="Pages">
        {{#before}}<a rel="prev" href="{{before}}">Before</a>{{/before}}
        {{#after}}<a rel="next" href="{{after}}">Next</a>{{/after}}
        </nav>
        """

    static let failure = """
        {{%CONTENT_TYPE:PAGE}}<h1>{{title}}</h1>
        <p>{{sentence}}</p>
        <p><a href="/">All networks</a></p>
        """
}
