import { run } from '../../src/cli/run';
import { CASES } from './support';

export interface Said {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  readonly files: { readonly [file: string]: string };
}

/** The command with these files and no other access. */
export function cli(args: string[], files: { [file: string]: string } = {}): Said {
  let out = '';
  let err = '';
  const written: { [file: string]: string } = {};
  const status = run(
    args,
    {
      read: (file) => {
        const text = files[file];
        if (text === undefined) throw new Error('ENOENT: no such file or directory');
        return text;
      },
      exists: (file) => file in files,
      write: (file, text) => (written[file] = text),
      out: (text) => (out += text),
      err: (text) => (err += text),
    },
    '9.9.9',
  );
  return { status, out, err, files: written };
}

export const guide = (name: string): string => CASES.find((one) => one.name === `guide-${name}`)?.text ?? '';
export const FROM = ['from-bitnami', 'v.yaml', '--release', 'etcd', '--namespace', 'etcd-cluster'];
