namespace Clv.Cli.Report;

/// <summary>How the page looks: on paper, and on a screen, light or dark.</summary>
internal static class PageStyle
{
    /// <summary>A style sheet without characters that XML escapes.</summary>
    public const string Css = """

        :root {
          color-scheme: light dark;
          --ink: light-dark(#1b2330, #e8ecf3);
          --quiet: light-dark(#56637a, #9aa7bd);
          --paper: light-dark(#ffffff, #1a212c);
          --ground: light-dark(#f3f5f9, #11161e);
          --line: light-dark(#dde3ec, #323d4f);
          --accent: light-dark(#1257c9, #7aaaff);
          --bar: light-dark(#b9c3d3, #5a6980);
          --trace: light-dark(#6b7a92, #9aa7bd);
          --later: light-dark(#f3f5f9, #212a37);
        }
        * { box-sizing: border-box; }
        body {
          margin: 0;
          background: var(--ground);
          color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
          font-variant-numeric: tabular-nums;
        }
        main { max-width: 1080px; margin: 0 auto; padding: 2rem 1.25rem 3rem; }
        h1 { font-size: 1.6rem; line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
        h2 { font-size: 1.2rem; margin: 2.25rem 0 .75rem; }
        h3 { font-size: 1rem; margin: 0; }
        p { margin: .35rem 0; max-width: 80ch; }
        .quiet, figcaption p, th, dt, summary { color: var(--quiet); }
        dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 1rem 1.5rem; margin: 1.5rem 0; }
        dt { font-size: .8rem; }
        dd { margin: 0; font-size: 1.25rem; font-weight: 600; line-height: 1.3; }
        dd small { display: block; font-size: .8rem; font-weight: 400; color: var(--quiet); }
        .plots { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; }
        .card { margin: 0; padding: 1rem 1.1rem; background: var(--paper); border: 1px solid var(--line); border-radius: 8px; min-width: 0; }
        .wide { grid-column: 1 / -1; }
        figure { display: flex; flex-direction: column; }
        figure svg { margin-top: auto; padding-top: .9rem; }
        figcaption p { font-size: .9rem; margin: .15rem 0 0; }
        details { padding-top: .6rem; font-size: .85rem; }
        summary { cursor: pointer; }
        .scroll { overflow: auto; max-height: 24rem; margin-top: .5rem; }
        table { border-collapse: collapse; width: 100%; }
        th { font-weight: 500; text-align: right; font-size: .85rem; }
        th, td { padding: .3rem .5rem; border-bottom: 1px solid var(--line); }
        td { text-align: right; white-space: nowrap; }
        th:first-child, td:first-child { text-align: left; padding-left: 0; }
        tr.used td { font-weight: 600; }
        caption { text-align: left; font-weight: 600; padding-bottom: .35rem; }
        .card p + table, .card table + p { margin-top: .75rem; }
        ul { margin: .35rem 0; padding-left: 1.2rem; }
        svg { display: block; width: 100%; height: auto; overflow: visible; }
        svg text { font-size: 12px; fill: var(--quiet); }
        svg .note { fill: var(--ink); }
        .grid { stroke: var(--line); fill: none; }
        .base, .mark { stroke: var(--trace); fill: none; }
        .actual { stroke: var(--trace); stroke-width: 1.75; fill: none; stroke-linejoin: round; }
        .model { stroke: var(--accent); stroke-width: 2; fill: none; stroke-linejoin: round; }
        .dot { fill: var(--accent); }
        .bar { fill: var(--bar); }
        .later { fill: var(--later); }
        .end { stroke: var(--ink); stroke-dasharray: 4 3; fill: none; }
        .hit { fill: transparent; }
        .hit:hover { fill: var(--accent); fill-opacity: .1; }
        .heat rect { fill: var(--accent); shape-rendering: crispEdges; }
        @media screen and (max-width: 760px) {
          .plots { grid-template-columns: minmax(0, 1fr); }
          figure.wide { overflow-x: auto; }
          .wide svg { width: 680px; }
        }
        @media print {
          :root { color-scheme: light; --ground: #ffffff; }
          body { font-size: 10pt; }
          main { max-width: none; padding: 0; }
          .card { break-inside: avoid; border-radius: 0; }
          h2 { break-after: avoid; }
          details:not([open]) { display: none; }
          * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        }

        """;
}
