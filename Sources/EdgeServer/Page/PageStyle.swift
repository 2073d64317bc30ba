/// The page's style.
enum PageStyle {
    static let text = base + tables + pieces

    /// Colours have a contrast of 4.5 at least with what they stand on (WCAG 2.2, AA), in both schemes.
    private static let base = """
        :root { color-scheme: light dark; --ground: #fff; --raised: #f4f5f7; --ink: #16191d;
          --quiet: #565d66; --line: #cfd4da; --link: #0b57a4; --well: #1a6b34; --warning: #8a5300;
          --bad: #b3121d; --bad-ground: #fdecec; --warning-ground: #fdf3e0; --focus: #0b57a4;
          --resolve: #7a4fb5; --connect: #1f6fb2; --tls: #0f7f78; --processing: #857800;
          --transfer: #5d6570; }
        @media (prefers-color-scheme: dark) { :root { --ground: #14171a; --raised: #1e2227;
          --ink: #e8eaed; --quiet: #a3abb5; --line: #3a4149; --link: #7db8f5; --well: #6fcf8b;
          --warning: #f0b65a; --bad: #ff8a85; --bad-ground: #3a1a1c; --warning-ground: #35290f;
          --focus: #9ecbff; --resolve: #b99be6; --connect: #6db1ea; --tls: #52c5bb;
          --processing: #d6cb45; --transfer: #98a1ac; } }
        * { box-sizing: border-box; }
        html { scroll-padding-top: 4rem; }
        body { margin: 0; background: var(--ground); color: var(--ink);
          font: 15px/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
        a { color: var(--link); }
        :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 2px; }
        main:focus { outline: none; }
        header, main, footer { max-width: 84rem; margin: 0 auto; padding: 0 1rem; }
        header { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; align-items: baseline;
          padding-top: .6rem; }
        header p { margin: 0; }
        .brand a { font-weight: 700; font-size: 1.1rem; color: inherit; text-decoration: none; }
        nav ul { display: flex; flex-wrap: wrap; gap: .9rem; margin: 0; padding: 0;
          list-style: none; }
        .as-of { margin-left: auto; color: var(--quiet); }
        footer { color: var(--quiet); font-size: .85rem; padding-bottom: 1.5rem; }
        h1 { font-size: 1.4rem; margin: .8rem 0 .3rem; }
        h2 { font-size: 1.2rem; margin: 1.2rem 0 .2rem; }
        h3 { font-size: 1rem; margin: .8rem 0 .2rem; }
        small, .quiet { color: var(--quiet); font-size: .85rem; }
        time { white-space: nowrap; }
        code, kbd { font: .9em ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
        kbd { border: 1px solid var(--line); border-radius: 3px; padding: 0 .3em; }
        button, input { font: inherit; color: inherit; }
        button { background: var(--raised); border: 1px solid var(--quiet); border-radius: 4px;
          padding: .15rem .7rem; cursor: pointer; min-height: 1.75rem; }
        input { background: var(--ground); border: 1px solid var(--quiet); border-radius: 4px;
          padding: .2rem .5rem; }
        [hidden] { display: none !important; }
        .skip { position: absolute; left: -100rem; background: var(--ground); padding: .5rem 1rem;
          z-index: 3; }
        .skip:focus { left: .5rem; top: .5rem; }
        .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden;
          clip-path: inset(50%); white-space: nowrap; }
        .lost { position: sticky; top: 0; z-index: 2; margin: 0; padding: .5rem 1rem;
          background: var(--bad-ground); color: var(--bad); border-bottom: 3px solid var(--bad);
          font-weight: 600; }
        body:not(.scripted) .needs-script, .scripted .without-script { display: none; }
        body:not(.unlocked) .orders, .unlocked .commands { display: none; }

        """

    private static let tables = """
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; margin: .3rem 0; }
        th, td { text-align: left; vertical-align: top; padding: .22rem .6rem .22rem 0;
          border-top: 1px solid var(--line); }
        thead th { color: var(--quiet); font-weight: 600; font-size: .85rem; border-top: 0;
          white-space: nowrap; }
        tbody th { font-weight: 600; }
        .n { white-space: nowrap; font-variant-numeric: tabular-nums; }
        .state { white-space: nowrap; }
        .edges, .edges thead, .edges tbody { display: block; }
        .edges tr { display: grid; column-gap: .8rem; grid-template-columns: 6.6rem
          minmax(7.5rem, 1.2fr) minmax(9.5rem, 1.4fr) 10rem 7rem 7.8rem minmax(11rem, 2.6fr);
          border-top: 1px solid var(--line); }
        .edges thead tr { border-top: 0; align-items: end; }
        .edges thead th { white-space: normal; }
        .edges th, .edges td { border: 0; padding: .22rem 0; min-width: 0;
          overflow-wrap: anywhere; }
        .edges tbody tr { content-visibility: auto; contain-intrinsic-size: auto 1.8rem; }
        .edges .time { display: inline-block; min-width: 4.2em; }
        .edges tbody tr:hover, .edges tbody tr:focus-within { background: var(--raised); }
        .edges small { display: block; font-weight: 400; }
        .zones td p, .servers td p { margin: 0; }
        tr.decides { background: var(--raised); }
        .probes .missed td, .probes .missed th, .rules .no td:last-child { color: var(--bad); }
        @media (max-width: 52rem) {
          .scroll { overflow-x: visible; }
          table, tbody, tr, .edges tr, td, tbody th { display: block; }
          .edges tbody tr { contain-intrinsic-size: auto 12rem; }
          thead { position: absolute; width: 1px; height: 1px; overflow: hidden;
            clip-path: inset(50%); }
          tr { border-top: 1px solid var(--line); padding: .5rem 0; }
          th, td, .edges th, .edges td { border: 0; padding: .05rem 0; }
          td[data-label] { display: grid; grid-template-columns: 8.5rem 1fr; }
          td[data-label]::before { content: attr(data-label); color: var(--quiet);
            font-size: .85rem; }
          td[data-label] > * { grid-column: 2; }
          .as-of { margin-left: 0; }
        }

        """

    private static let pieces = """
        .mark { width: .95em; height: .95em; vertical-align: -.1em; fill: currentColor; }
        .live .state, .well .mark, .well .state, .edge-head.live .mark { color: var(--well); }
        .spare .state, .canary .state, .unknown .state { color: var(--quiet); }
        .down .state, .edge-head.down .mark { color: var(--warning); }
        .drained .state, .edge-head.drained .mark, .warning .mark, .warning .state {
          color: var(--warning); }
        .failing .state, .edge-head.failing .mark, .bad .mark, .bad .state {
          color: var(--bad); font-weight: 700; }
        tr.failing { background: var(--bad-ground); }
        .network { border-top: 2px solid var(--line); margin-top: 1.2rem; }
        .sentence { font-size: 1.05rem; margin: .2rem 0 .5rem; }
        .head.bad > .sentence, .health.bad { color: var(--bad); }
        .head.bad > .sentence, .head.warning > .sentence, .health.bad { border-left: 5px solid;
          padding: .35rem .7rem; }
        .head.bad > .sentence, .health.bad { background: var(--bad-ground); }
        .head.warning > .sentence { border-color: var(--warning);
          background: var(--warning-ground); }
        .health p { margin: .3rem 0; }
        .facts { display: flex; flex-wrap: wrap; gap: .2rem 1.6rem; margin: .3rem 0; }
        .facts dt { color: var(--quiet); font-size: .85rem; }
        .facts dd { margin: 0; overflow-wrap: anywhere; }
        .alarms, .held, .troubles, .events, .forecast { margin: .2rem 0; padding-left: 1.2rem;
          overflow-wrap: anywhere; }
        .alarms { list-style: none; padding-left: 0; }
        .events { list-style: none; padding-left: 0; }
        .events li { padding: .1rem 0; }
        .events .who { font-weight: 600; }
        .events .kind { color: var(--quiet); }
        summary { cursor: pointer; }
        summary h3 { display: inline-block; margin: .6rem 0 .2rem; }
        .command { display: block; margin: .2rem 0; }
        .command code { display: inline-block; background: var(--raised); padding: .2rem .5rem;
          border: 1px solid var(--line); border-radius: 4px; overflow-wrap: anywhere;
          user-select: all; }
        .command button { margin-left: .4rem; }
        .orders button { margin-right: .4rem; }
        .search { margin: .8rem 0; display: flex; flex-wrap: wrap; gap: .5rem;
          align-items: center; }
        .search input { width: 16rem; max-width: 100%; }
        .token { flex-basis: 100%; display: flex; flex-wrap: wrap; gap: .5rem;
          align-items: center; }
        .bar { background: var(--raised); outline: 1px solid var(--line); width: 80px;
          height: 8px; }
        .bar .fine, .spark .fine { fill: var(--connect); }
        .bar .over, .spark .bad { fill: var(--bad); }
        .bar .mean { stroke: var(--ink); stroke-width: 2; }
        .spark { border-bottom: 1px solid var(--line); }
        figure { margin: .3rem 0; }
        .chart { width: 100%; max-width: 60rem; height: auto; }
        .chart .grid { stroke: var(--line); fill: none; }
        .chart .axis { fill: var(--quiet); font-size: 12px; }
        .chart .limit { stroke: var(--ink); stroke-dasharray: 6 4; fill: none; }
        .chart .limit-text { fill: var(--ink); font-size: 12px; }
        .phase-resolve { fill: var(--resolve); } .phase-connect { fill: var(--connect); }
        .phase-tls { fill: var(--tls); } .phase-processing { fill: var(--processing); }
        .phase-transfer { fill: var(--transfer); }
        .missed { fill: var(--bad); }
        .key { margin-right: 1rem; display: inline-block; }
        figcaption { font-size: .85rem; color: var(--quiet); }
        .forecast.safe li:first-child { color: var(--well); font-weight: 600; }
        .forecast.unsafe li:first-child { color: var(--bad); font-weight: 600; }
        .pages { display: flex; gap: 1rem; margin: .8rem 0; }
        dialog { max-width: 36rem; width: calc(100% - 2rem); background: var(--ground);
          color: var(--ink); border: 1px solid var(--quiet); border-radius: 6px; }
        dialog h2 { margin-top: 0; }
        dialog dl { display: grid; grid-template-columns: 6rem 1fr; gap: .3rem; }
        dialog dd { margin: 0; }
        .field input:not([type=checkbox]) { display: block; width: 100%; }
        .buttons button:first-child { font-weight: 700; }
        #order-said { color: var(--bad); }
        @media (prefers-reduced-motion: no-preference) {
          tr.changed { animation: changed 2s ease-out; }
          @keyframes changed { from { background: var(--warning-ground); } }
        }
        @media print {
          .tools, .search, .orders, .skip, .lost, footer, nav { display: none !important; }
          body { font-size: 11px; } a { color: inherit; text-decoration: none; }
          tr, .head { break-inside: avoid; }
        }

        """
}
