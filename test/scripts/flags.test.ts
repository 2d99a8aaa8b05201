import { spawnSync } from 'node:child_process';
import { EtcdImage } from '../../src';
import { ETCD_FLAGS } from '../../src/constants/etcd-flags.data';
import { flagsOf, TABULATED } from '../../src/constants/etcd-flags';
import { find, synthCluster } from '../support/synth';
import { describeMembers, machine, programPath } from './support/machine';

/** etcd's error about a flag: it parses all flags before it prints its version. */
function ask(...flags: string[]): string {
  return spawnSync(programPath('etcd'), [...flags, '--version'], { encoding: 'utf8' }).stderr;
}

/** A value that this kind of flag accepts. */
const VALUES = { boolean: 'T', duration: '1m30s', number: '-42', unsigned: '42' };

describeMembers('etcd on the PATH has the flags of its table', () => {
  const flags = ETCD_FLAGS.flatMap((group) => group.flags.trim().split(/\s+/));

  test.each(flags)('--%s', (flag) => {
    const kind = flagsOf(machine.etcdVersion).get(flag);
    expect(ask(`--${flag}=wrong`).includes('flag provided but not defined')).toBe(kind === undefined);
    if (kind === undefined || kind === 'text') return;
    expect(ask(`--${flag}=${VALUES[kind]}`)).toBe('');
    expect(ask(`--${flag}=wrong`)).toContain('invalid');
    if (kind === 'unsigned') expect(ask(`--${flag}=-42`)).toContain('invalid');
  });

  test('and the table has all flags of its help', () => {
    const { stdout, stderr } = spawnSync(programPath('etcd'), ['--help'], { encoding: 'utf8' });
    const named = [...(stdout + stderr).matchAll(/^\s+--([a-z0-9-]+)/gm)].map(([, name]) => name ?? '');
    const table = flagsOf(machine.etcdVersion);
    expect(named.length).toBeGreaterThan(80);
    expect(TABULATED).toContain(machine.etcdVersion);
    const missing = named.filter((name) => !table.has(name));
    expect(missing.filter((name) => !ask(`--${name}=wrong`).includes('flag provided but not defined'))).toEqual([]);
  });

  test('and takes all that the library sets', () => {
    const image = EtcdImage.upstream(machine.etcdVersion);
    const env = find(synthCluster({ image }), 'StatefulSet', 'etcd').spec.template.spec.containers[0].env as {
      name: string;
      value?: string;
    }[];
    const set = env.filter(({ name }) => name.startsWith('ETCD_'));
    expect(set.length).toBeGreaterThan(15);
    for (const { name, value } of set)
      expect(ask(`--${name.slice('ETCD_'.length).toLowerCase().replaceAll('_', '-')}=${value}`)).toBe('');
  });

  test('and refuses what it does not know, or this could not fail', () => {
    expect(ask('--no-such-flag=1')).toContain('flag provided but not defined');
  });
});
