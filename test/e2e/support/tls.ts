import { EtcdTls } from '../../../src';

/** With E2E_TLS, every cluster of the library, and a release of the chart, has certificates from cert-manager. */
export const WITH_TLS = Boolean(process.env.E2E_TLS);
export const SCHEME = WITH_TLS ? 'https' : 'http';

/** `tls` of a cluster, if there is any. */
export function tlsProps(extraNames: string[] = []): { readonly tls?: EtcdTls } {
  return WITH_TLS ? { tls: EtcdTls.fromOwnCa({ allowPlainHttp: false, extraNames }) } : {};
}
