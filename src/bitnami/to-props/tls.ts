import type { Context } from '../context';
import { made, type PlainObject } from '../expression';

/** The chart's certificates. Its scripts present the one of the clients' port to members, as ours do. */
export function tls(c: Context): PlainObject {
  const { values } = c;
  if (!values.flag('auth.client.secureTransport') || !values.flag('auth.peer.secureTransport')) return {};
  for (const plane of ['client', 'peer']) {
    const parameter = `auth.${plane}.existingSecret`;
    if (values.text(parameter) === '' && !values.flag(`auth.${plane}.useAutoTLS`))
      c.refuse(parameter, 'is required with TLS, as in the chart; set it to the Secret with the certificate');
  }
  const { namespace } = values.release;
  const pods = `*.${c.fullname}-headless.${namespace}.svc.${values.text('clusterDomain')}`;
  c.find(
    'differs',
    'auth.client.existingSecret',
    `the certificate must have the name ${pods}, and the usages of servers and clients; without the address 127.0.0.1, etcdctl in a pod needs --endpoints`,
  );
  c.find(
    'differs',
    'auth.peer.existingSecret',
    `members verify each other: the certificate must have the name ${pods}, and the usages of servers and clients`,
  );
  const secrets = { server: secret(c, 'client'), peer: secret(c, 'peer'), client: secret(c, 'client') };
  // With a CA, etcd requires certificates of clients.
  const isRequired = values.flag('auth.client.enableAuthentication') || values.text('auth.client.caFilename') !== '';
  const requireClientCertificates = isRequired ? undefined : false;
  return { tls: made('EtcdTls', 'fromSecrets', secrets, { requireClientCertificates, allowPlainHttp: false }) };
}

function secret({ values }: Context, plane: 'client' | 'peer'): PlainObject {
  const caKey = values.text(`auth.${plane}.caFilename`);
  return {
    name: values.text(`auth.${plane}.existingSecret`),
    certificateKey: values.text(`auth.${plane}.certFilename`),
    privateKeyKey: values.text(`auth.${plane}.certKeyFilename`),
    caKey: caKey === '' ? undefined : caKey,
  };
}
