import { goDurationSeconds } from '../../src/grammar/go-duration';
import type { Written } from '../support/synth';

type Any = Written['spec'];

/** The Secrets and keys of root's password and of the tokens' key, and what else is set for tokens. */
export function users(spec: Any, etcd: Any): object {
  const variable = (name: string): Any => etcd.env.find((e: Any) => e.name === name);
  const at = (path: string | undefined): string | undefined => {
    const mount = etcd.volumeMounts.find((m: Any) => path?.startsWith(`${m.mountPath}`.replace(/\/?$/, '/')));
    if (path === undefined || !mount) return undefined;
    const file = path.replace(/.*\//, '');
    const volume = spec.volumes.find((v: Any) => v.name === mount.name);
    const { secretName, items = [] } = volume.secret ?? { secretName: volume.projected.sources[0].secret.name };
    return `${secretName} ${items.find((i: Any) => i.path === file)?.key ?? file}`;
  };
  const literal = variable('ETCD_ROOT_PASSWORD')?.valueFrom.secretKeyRef;
  const ours = variable('AUTH')?.value === 'password' ? '/auth/root/password' : undefined;
  const root = literal ? `${literal.name} ${literal.key}` : at(variable('ETCD_ROOT_PASSWORD_FILE')?.value ?? ours);
  const token = variable('ETCD_AUTH_TOKEN')?.value as string | undefined;
  const [, key, method, ttl = ''] = /^jwt,priv-key=([^,]*),sign-method=([^,]*),ttl=(.*)$/.exec(token ?? '') ?? [];
  return { root, token: root && { key: at(key), method, ttl: goDurationSeconds(ttl) } };
}
