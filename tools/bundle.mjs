// Makes one file of what `import 'cdk8s-etcd'` loads: finding and compiling 200 modules takes longer than a synth. Their
// declarations stay, and so do the modules, for the command.
import { build } from 'esbuild';

const ENTRY = 'lib/src/index.js';

await build({
  entryPoints: [ENTRY],
  outfile: ENTRY,
  allowOverwrite: true,
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  minifyWhitespace: true,
});
