// Who may import whom: arrows point down only, and folders of one row never import each other (ARCHITECTURE.md).
const rows = [
  ['main.ts', 'cli', 'create-app.ts', 'openapi.ts', 'app.module.ts'],
  ['retention', 'health', 'status', 'metrics', 'dashboard'],
  ['ingest', 'alerts'],
  ['errors'],
  ['auth', 'fingerprints', 'ledger'],
  ['projects', 'stack-traces'],
  ['database'],
  ['config', 'common'],
];
const path = (names) => `^src/(${names.map((name) => name.replace('.', '\\.')).join('|')})(/|$)`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...rows.slice(1).map((row, index) => ({
      name: `${row.join('-')}-imports-down-only`,
      severity: 'error',
      from: { path: path(row) },
      to: { path: path(rows.slice(0, index + 1).flat()) },
    })),
    ...rows.slice(1).flatMap((row) =>
      row.map((folder) => ({
        name: `${folder}-leaves-its-row-alone`,
        severity: 'error',
        from: { path: path([folder]) },
        to: { path: path(row.filter((sibling) => sibling !== folder).concat('no-such-folder')) },
      })),
    ),
    {
      name: 'pure-folders-stay-pure',
      comment: 'data in, data out: no framework, no database, no clock',
      severity: 'error',
      from: { path: '^src/(stack-traces|fingerprints)/' },
      to: { path: 'node_modules', pathNot: 'node_modules/@types/node' },
    },
    {
      name: 'client-stands-alone',
      severity: 'error',
      from: { path: '^client/' },
      to: { path: '^(src|test)/' },
    },
    { name: 'no-tests-in-src', severity: 'error', from: { path: '^src/' }, to: { path: '^test/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
