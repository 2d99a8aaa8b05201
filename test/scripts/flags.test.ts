import { spawnSync } from 'node:child_process';
import { EtcdImage } from '../../src';
import { FLAGS, flagProblem } from '../../src/constants/etcd-flags';
import { find, synthCluster } from '../support/synth';
import { describeMembers, machine, programPath } from './support/machine';

const flagOf = (name: string): string => `--${name.toLowerCase().replaceAll('_', '-')}`;

/** etcd's error about a flag: it parses all flags before it prints its version. */
function ask(...flags: string[]): string {
  return spawnSync(programPath('etcd'), [...flags, '--version'], { encoding: 'utf8' }).stderr;
}

describeMembers('etcd on the PATH has the flags that the library takes it to have', () => {
  const experimental = [...FLAGS.renamed, ...Object.keys(FLAGS.gates)].map((name) => `EXPERIMENTAL_${name}`);

  test.each([...FLAGS.renamed, ...FLAGS.since36, ...FLAGS.until35, ...experimental])('%s', (name) => {
    const has = !ask(`${flagOf(name)}=wrong`).includes('flag provided but not defined');
    expect(has).toBe(flagProblem(`ETCD_${name}`, machine.etcdVersion) === undefined);
  });

  test('accepts every flag that the library sets', () => {
    const image = EtcdImage.upstream(machine.etcdVersion);
    const env = find(synthCluster({ image }), 'StatefulSet', 'etcd').spec.template.spec.containers[0].env as {
      name: string;
      value?: string;
    }[];
    const flags = env.filter(({ name }) => name.startsWith('ETCD_'));
    expect(flags.length).toBeGreaterThan(15);
    for (const { name, value } of flags) expect(ask(`${flagOf(name.slice('ETCD_'.length))}=${value}`)).toBe('');
  });

  test('refuses unknown flags, so that the other tests can fail', () => {
    expect(ask('--no-such-flag=1')).toContain('flag provided but not defined');
  });
});
