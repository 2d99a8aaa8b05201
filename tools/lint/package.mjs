// Checks the package as npm packs it: publint (fields and files), are-the-types-wrong (types in every way to resolve
// modules), and knip (files, exports and dependencies that nothing uses).
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { output, report } from './report.mjs';

const folder = mkdtempSync(join(tmpdir(), 'cdk8s-etcd-package-'));

/** The tarball; packing builds. */
function pack() {
  const name = output('npm', ['pack', '--silent', '--pack-destination', folder], [0]).trim().split('\n').at(-1);
  return join(folder, name);
}

async function publintFindings(tarball) {
  const { messages, pkg } = await publint({ strict: true, pack: { tarball: readFileSync(tarball).buffer } });
  return messages.map((message) => `publint ${message.code}: ${formatMessage(message, pkg, { color: false })}`);
}

async function typesFindings(tarball) {
  const { types, problems } = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
  if (!types) return ['attw NoTypes: the package'];
  return problems.map(({ kind, ...where }) => `attw ${kind}: ${JSON.stringify(where)}`);
}

function knipFindings() {
  const { issues } = JSON.parse(output('npx', ['knip', '--reporter', 'json'], [0, 1]));
  return issues.flatMap(({ file, ...kinds }) =>
    Object.entries(kinds).flatMap(([kind, list]) => list.map(({ name }) => `knip ${kind}: ${file} ${name}`)),
  );
}

try {
  const tarball = pack();
  report(
    ['publint', 'attw', 'knip'],
    [...(await publintFindings(tarball)), ...(await typesFindings(tarball)), ...knipFindings()],
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
