extension PageTemplates {
    static let edgeTemplates = [
        "edge": edge, "edge-head": edgeHead, "edge-chart": edgeChart, "edge-rules": edgeRules,
        "edge-uptime": edgeUptime, "edge-probes": edgeProbes, "edge-events": edgeEvents,
    ]

    static let edge = """
        {{%CONTENT_TYPE:PAGE}}<p class="up"><a href="/#n:{{network}}">All networks</a> › {{network}}</p>
        {{#parts}}{{{.}}}
        {{/parts}}
        """

    static let edgeHead = """
        {{%CONTENT_TYPE:PAGE}}<section id="edge-head" class="edge-head {{kind}}" data-name="{{edge}}" data-word="{{word}}">
        <h1>{{edge}}</h1>
        <p class="sentence">{{{mark}}} <strong>{{word}}</strong>: {{why}}</p>
        <dl class="facts">
        <div><dt>Mode</dt><dd>{{mode}}{{#modeSince}} since {{{modeSince}}}{{/modeSince}}{{#modeBy}} by {{modeBy}}{{/modeBy}}</dd></div>
        {{#comment}}<div><dt>Comment</dt><dd>{{comment}}</dd></div>{{/comment}}
        <div><dt>{{place}}</dt><dd>{{#placeSince}}since {{{placeSince}}}{{/placeSince}}{{^placeSince}}since when is not known{{/placeSince}}</dd></div>
        <div><dt>Judged</dt><dd>{{health}}, by the {{judge}} judge</dd></div>
        </dl>
        <h2>Is it safe to drain?</h2>
        <ul class="forecast {{#isSafe}}safe{{/isSafe}}{{^isSafe}}unsafe{{/isSafe}}">{{#drain}}<li>{{.}}</li>{{/drain}}</ul>
        {{#isListed}}<p class="orders" data-network="{{network}}" data-edge="{{edge}}">
        {{#isAvailable}}<button type="button" data-order="drain">Drain</button>{{/isAvailable}}
        {{^isAvailable}}<button type="button" data-order="undrain">Make it available</button>{{/isAvailable}}</p>
        <div class="commands"><p>To do it in a terminal:</p>
        {{#commands}}<p class="command"><code>{{.}}</code></p>
        {{/commands}}</div>{{/isListed}}
        </section>
        """

    static let edgeChart = """
        {{%CONTENT_TYPE:PAGE}}<section id="edge-chart" aria-labelledby="chart-title">
        <h2 id="chart-title">Phases over the last hour</h2>
        <figure>{{{chart}}}
        <figcaption>
        <span class="key"><svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true"><rect class="phase-resolve" width="10" height="10"/></svg> resolve</span>
        <span class="key"><svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true"><rect class="phase-connect" width="10" height="10"/></svg> connect</span>
        <span class="key"><svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true"><rect class="phase-tls" width="10" height="10"/></svg> TLS</span>
        <span class="key"><svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true"><rect class="phase-processing" width="10" height="10"/></svg> process</span>
        <span class="key"><svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true"><rect class="phase-transfer" width="10" height="10"/></svg> transfer</span>
        <span class="key"><svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true"><rect class="missed" width="10" height="10"/></svg> share of rounds without an answer, from the top</span>
        <p>{{words}} Each bar is a minute's mean, its parts from the bottom up in that order.</p>
        </figcaption></figure></section>
        """

    static let edgeRules = """
        {{%CONTENT_TYPE:PAGE}}<section id="edge-rules" aria-labelledby="rules-title">
        <h2 id="rules-title">Rules</h2>
        {{#hasRules}}<div class="scroll"><table class="rules">
        <caption class="unseen">The judge's rules in their order</caption>
        <thead><tr><th scope="col">#</th><th scope="col">Rule</th><th scope="col">Is</th><th scope="col">Limit</th><th scope="col">Verdict</th></tr></thead>
        <tbody>{{#rules}}<tr class="{{verdict}}{{#decides}} decides{{/decides}}"><td>{{number}}</td>
        <th scope="row">{{rule}}</th><td data-label="Is">{{value}}</td><td data-label="Limit">{{limit}}</td>
        <td data-label="Verdict">{{word}}{{#decides}} <strong>← this one decides</strong>{{/decides}}</td></tr>
        {{/rules}}</tbody></table></div>{{/hasRules}}
        {{^hasRules}}<p>It was never judged.</p>{{/hasRules}}
        {{#hasOutlook}}<h3>What comes next</h3><ul>{{#outlook}}<li>{{.}}</li>{{/outlook}}</ul>{{/hasOutlook}}
        </section>
        """

    static let edgeUptime = """
        {{%CONTENT_TYPE:PAGE}}<section id="edge-uptime" aria-labelledby="uptime-title">
        <h2 id="uptime-title">Uptime and fetch times</h2>
        {{#hasWindows}}<div class="scroll"><table class="uptime">
        <caption class="unseen">Over an hour, a day, a week and 30 days</caption>
        <thead><tr><th scope="col">Over</th><th scope="col">Uptime</th><th scope="col">Rounds</th><th scope="col">Half within</th>
        <th scope="col">95 % within</th><th scope="col">99 % within</th><th scope="col">Live</th></tr></thead>
        <tbody>{{#windows}}<tr><th scope="row">{{window}}</th><td class="n" data-label="Uptime">{{uptime}}</td>
        <td class="n" data-label="Rounds">{{probes}}</td><td class="n" data-label="Half within">{{p50}}</td>
        <td class="n" data-label="95 % within">{{p95}}</td><td class="n" data-label="99 % within">{{p99}}</td>
        <td class="n" data-label="Live">{{live}}</td></tr>
        {{/windows}}</tbody></table></div>{{/hasWindows}}
        {{^hasWindows}}<p>Nothing is summed up yet.</p>{{/hasWindows}}
        </section>
        """

    static let edgeProbes = """
        {{%CONTENT_TYPE:PAGE}}<section id="edge-probes" aria-labelledby="probes-title">
        <h2 id="probes-title">Last probes</h2>
        {{#hasProbes}}<div class="scroll"><table class="probes">
        <caption class="unseen">The last probes and how long their parts took, newest first</caption>
        <thead><tr><th scope="col">Time</th><th scope="col">Outcome</th><th scope="col">Tries</th><th scope="col">Resolve</th>
        <th scope="col">Connect</th><th scope="col">TLS</th><th scope="col">Process</th><th scope="col">Transfer</th></tr></thead>
        <tbody>{{#probes}}<tr class="{{kind}}"><th scope="row">{{{time}}} <small>{{family}}</small></th>
        <td data-label="Outcome">{{outcome}}</td><td class="n" data-label="Tries">{{attempts}}</td>
        <td class="n" data-label="Resolve">{{resolve}}</td><td class="n" data-label="Connect">{{connect}}</td>
        <td class="n" data-label="TLS">{{tls}}</td><td class="n" data-label="Process">{{processing}}</td>
        <td class="n" data-label="Transfer">{{transfer}}</td></tr>
        {{/probes}}</tbody></table></div>{{/hasProbes}}
        {{^hasProbes}}<p>None is kept.</p>{{/hasProbes}}
        </section>
        """

    static let edgeEvents = """
        {{%CONTENT_TYPE:PAGE}}<section id="edge-events">{{>events}}</section>
        """
}
