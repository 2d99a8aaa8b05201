import type { EtcdClusterProps } from '../../../src';
import { Ca } from './certificates';
import { describeEach } from './cases';
import { eventually } from './eventually';
import { Members } from './members';
import { mount, SERVICES } from './tls';

/** Flags of etcdctl: the certificate of a client. */
export const CERTIFICATE = ['--cert=/tls/client/tls.crt', '--key=/tls/client/tls.key', '--cacert=/tls/client/ca.crt'];

/** Members, and the CA of their certificates. */
export class TlsCluster {
  public readonly ca = new Ca();
  private current?: Members;

  public get members(): Members {
    if (!this.current) throw new Error('create() comes first');
    return this.current;
  }

  public async create(props?: Partial<EtcdClusterProps>): Promise<Members> {
    this.current = await Members.create(props);
    return this.current;
  }

  /** The certificates are mounted also where the props do not use them yet. */
  public async start(props?: Partial<EtcdClusterProps>): Promise<Members> {
    const members = await this.create(props);
    mount(members, this.ca);
    await members.start();
    await members.whole();
    return members;
  }

  public async schemes(): Promise<string[]> {
    const list = await this.members.list();
    return list.map(({ peerUrl }) => peerUrl.replace(/:.*/, ''));
  }

  public async peersUse(scheme: string): Promise<void> {
    const all = this.members.pods.map(() => scheme).join();
    await eventually(
      `all peer URLs are ${scheme}`,
      async () => (await this.schemes()).join() === all,
      90, // a change takes 25 s on an idle machine
      () => this.members.state(),
    );
    await this.members.whole();
  }

  /** Whether a client with only these flags is served. */
  public async accepts(url: string, ...flags: string[]): Promise<boolean> {
    const script = 'unset ETCDCTL_CERT ETCDCTL_KEY ETCDCTL_CACERT; exec etcdctl "$@"';
    const args = ['--endpoints', url, '--command-timeout=2s', ...flags, 'get', 'a'];
    return (await this.members.pod(0).exec('sh', '-c', script, 'etcdctl', ...args)).status === 0;
  }

  public async remove(): Promise<void> {
    await this.current?.remove();
    this.ca.remove();
  }
}

export const clientUrl = (scheme: string): string => `${scheme}://${SERVICES[1]}:2379`;

/** Tests that each have their own cluster. */
export function tlsCluster(name: string, tests: (tls: () => TlsCluster) => void): void {
  describeEach(name, () => new TlsCluster(), tests);
}
