/**
 * Which folder may import which: each only itself and those before it. Type-only imports count.
 * The same order, in words, is in CONTRIBUTING.md; test/package/dependencies.test.ts breaks it on purpose.
 */
const LAYERS = [
  { name: 'generated', path: '^imports/' },
  { name: 'kubernetes', path: '^src/kubernetes[.]ts$' },
  { name: 'constants', path: '^src/constants/' },
  { name: 'grammar', path: '^src/grammar/' },
  { name: 'checks', path: '^src/checks/' },
  { name: 'props', path: '^src/props/' },
  { name: 'config', path: '^src/config/' },
  { name: 'rules', path: '^src/rules/' },
  { name: 'dashboard', path: '^src/dashboard/' },
  { name: 'manifests', path: '^src/manifests/' },
  { name: 'scripts', path: '^src/scripts[.]ts$' },
  { name: 'bitnami', path: '^src/bitnami/' },
  { name: 'constructs', path: '^src/constructs/' },
  { name: 'index', path: '^src/index[.]ts$' },
  { name: 'cli', path: '^src/cli/' },
];

/** The files that may read and write: our own scripts, the fleet's output, whether it is a Helm chart, and the command. */
const IO = '^src/(scripts[.]ts$|constructs/(fleet-app|helm)[.]ts$|cli/)';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...LAYERS.slice(0, -1).map(({ name, path }, i) => ({
      name: `${name}-imports-only-what-is-before-it`,
      severity: 'error',
      from: { path },
      to: { path: LAYERS.slice(i + 1).map((later) => later.path) },
    })),
    {
      name: 'every-file-has-a-layer',
      comment: 'A new folder of src/ needs its place in LAYERS.',
      severity: 'error',
      from: {},
      to: { path: '^src/', pathNot: LAYERS.map(({ path }) => path) },
    },
    {
      name: 'src-imports-no-tests-and-no-tools',
      severity: 'error',
      from: { path: '^(src|imports)/' },
      to: { path: '^(test|tools|examples)/' },
    },
    { name: 'no-cycle', severity: 'error', from: { path: '^(src|imports)/' }, to: { circular: true } },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      from: { path: '^(src|imports|examples)/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'io-in-few-files',
      severity: 'error',
      from: { path: '^src/', pathNot: IO },
      to: { path: '^(node:)?(fs|child_process|http|https|os|process)(/|$)', dependencyTypes: ['core'] },
    },
    {
      name: 'yaml-parser-for-importers-only',
      comment: 'Whoever imports nothing does not load it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(bitnami|cli)/' },
      to: { path: '^node_modules/yaml/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: '^node_modules/' },
  },
};
