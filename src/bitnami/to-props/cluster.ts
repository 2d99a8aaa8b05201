import { DEFAULTS } from '../../constants/defaults';
import { IMAGES } from '../../constants/images';
import { clusterNameProblem } from '../../grammar/names';
import type { Context } from '../context';
import { duration, made, member, type Plain, type PlainObject } from '../expression';
import { isMap } from '../json';
import { ownLabels, selector, versionOf } from '../names';

/** The identity of the cluster, which cannot change on a live cluster. */
export function identity(c: Context): PlainObject {
  const { values } = c;
  const problem = clusterNameProblem(c.fullname);
  if (problem !== undefined) {
    const named =
      ['fullnameOverride', 'nameOverride'].find((key) => values.line(key) !== undefined) ?? 'fullnameOverride';
    c.refuse(named, `the release's objects have the name ${c.fullname}, which this library cannot use: ${problem}`);
  }
  for (const key of ['commonLabels', 'podLabels']) {
    if ('app.kubernetes.io/component' in values.texts(key))
      c.refuse(key, 'app.kubernetes.io/component is set by the chart and cannot be set here; remove it');
  }
  const { name, instance } = selector(values);
  return {
    name: c.fullname,
    namespace: values.release.namespace,
    selector: {
      name: name === DEFAULTS.selector.name ? undefined : name,
      instance: instance === c.fullname ? undefined : instance,
    },
    replicas: values.number('replicaCount'),
    // With one member, the chart does not set the token.
    clusterToken: values.number('replicaCount') > 1 ? c.text('initialClusterToken') : 'etcd-cluster',
    clusterDomain: c.unless('clusterDomain', DEFAULTS.etcd.clusterDomain),
    labels: ownLabels(values.texts('commonLabels')),
    annotations: c.texts('commonAnnotations'),
  };
}

export function image(c: Context): PlainObject {
  const { values } = c;
  const mirror = values.text('global.imageRegistry');
  const tag = values.text('image.tag');
  const digest = c.text('image.digest');
  const repository = [values.text('image.registry'), values.text('image.repository')]
    .filter((part) => part !== '')
    .join('/');
  const version = versionOf(tag);
  if (version === undefined) {
    c.refuse(
      'image.tag',
      'expected a tag that starts with the etcd version, such as 3.5.21-debian-12-r5, because etcd’s flags depend on it',
    );
  }
  if (digest !== undefined && values.line('image.tag') === undefined)
    c.refuse(
      'image.digest',
      'the chart uses the digest, and its etcd version is unknown; set image.tag to the version, such as 3.5.21-debian-12-r5',
    );
  const gone = mirror === '' && /^(docker\.io\/|registry-1\.docker\.io\/)?bitnami\/etcd$/.test(repository);
  if (gone) {
    c.change(
      'safer',
      'image.repository',
      `${repository} lost its versioned tags in August 2025, so no pod can start on a new node; the import uses the ` +
        `etcd project's own image of the same version ${version ?? ''}`.trim(),
      ['image.registry', 'image.tag'],
    );
    if (digest !== undefined)
      c.change(
        'missed',
        'image.digest',
        'is left out, because it is the digest of Bitnami’s image and the import uses another image; to pin it, use EtcdImage.upstream(version, { digest })',
      );
  }
  if (mirror !== '') {
    c.find(
      'differs',
      'global.imageRegistry',
      `${mirror} becomes the mirror of all images: it must also have library/busybox and, for defragmentation, kubectl`,
    );
  }
  const pull = [
    ...new Set(
      ['global.imagePullSecrets', 'image.pullSecrets', 'volumePermissions.image.pullSecrets'].flatMap((key) =>
        values.list(key),
      ),
    ),
  ] as string[];
  return {
    image:
      gone && version !== undefined
        ? made('EtcdImage', 'upstream', version)
        : made('EtcdImage', 'bitnami', tag, {
            repository: repository === IMAGES.bitnami ? undefined : repository,
            digest,
          }),
    imageRegistry: mirror || undefined,
    imagePullPolicy: values.differs('image.pullPolicy')
      ? member('EtcdImagePullPolicy', values.text('image.pullPolicy'))
      : undefined,
    imagePullSecrets: pull.length === 0 ? undefined : pull,
  };
}

export function storage(c: Context): PlainObject {
  const { values } = c;
  if (!values.flag('persistence.enabled')) return { storage: made('EtcdStorage', 'emptyDir') };
  const modes = values.list('persistence.accessModes').map((mode) => member('EtcdAccessMode', String(mode)));
  if (modes.length === 0 || modes.includes(undefined))
    c.refuse('persistence.accessModes', 'expected ReadWriteOnce, ReadWriteOncePod, ReadWriteMany or ReadOnlyMany');
  const storageClass = ['global.storageClass', 'persistence.storageClass', 'global.defaultStorageClass']
    .map((key) => values.text(key))
    .find((name) => name !== '');
  const selects = values.map('persistence.selector');
  const retention = (key: string): Plain =>
    member('EtcdClaimRetention', values.text(`persistentVolumeClaimRetentionPolicy.${key}`));
  return {
    storage: made('EtcdStorage', 'persistentVolumeClaim', {
      size: values.text('persistence.size'),
      storageClassName: storageClass === '-' ? '' : storageClass,
      accessModes: values.differs('persistence.accessModes') ? modes : undefined,
      selector:
        Object.keys(selects).length === 0 ? undefined : c.kubernetes('persistence.selector', 'LabelSelector', selects),
      labels: c.texts('persistence.labels'),
      annotations: c.texts('persistence.annotations'),
    }),
    claimRetentionPolicy: values.flag('persistentVolumeClaimRetentionPolicy.enabled')
      ? { whenScaled: retention('whenScaled'), whenDeleted: retention('whenDeleted') }
      : undefined,
    extraVolumeClaimTemplates: extraClaims(c),
  };
}

function extraClaims(c: Context): Plain[] | undefined {
  const parameter = 'extraVolumeClaimTemplates';
  const claims = c.values.list(parameter);
  if (claims.length === 0) return undefined;
  return claims.map((claim, i) => {
    const { apiVersion: _apiVersion, kind: _kind, ...props } = isMap(claim) ? claim : {};
    return c.kubernetes(parameter, 'KubePersistentVolumeClaimProps', props, `[${i}]`);
  });
}

export function shape(c: Context): PlainObject {
  const { values } = c;
  const usual = DEFAULTS.ports;
  const client = values.number('containerPorts.client');
  const peer = values.number('containerPorts.peer');
  const taken = [client, peer];
  const free = (port: number): number => {
    while (taken.includes(port)) port++;
    taken.push(port);
    return port;
  };
  const metrics = free(
    values.flag('metrics.useSeparateEndpoint') ? values.number('containerPorts.metrics') : usual.metrics,
  );
  if (values.flag('metrics.useSeparateEndpoint') && metrics !== values.number('containerPorts.metrics'))
    c.change('differs', 'containerPorts.metrics', `becomes ${metrics}: another port of the members has this number`);
  const phase = free(usual.phase);
  const grace = values.get('terminationGracePeriodSeconds');
  if (typeof grace === 'number' && grace < 30)
    c.change(
      'differs',
      'terminationGracePeriodSeconds',
      `becomes 30 s, the least that a member needs to transfer leadership and stop`,
    );
  return {
    ports: {
      client: client === usual.client ? undefined : client,
      peer: peer === usual.peer ? undefined : peer,
      metrics: metrics === usual.metrics ? undefined : metrics,
      phase: phase === usual.phase ? undefined : phase,
    },
    terminationGracePeriod: typeof grace === 'number' ? duration(Math.max(30, grace)) : undefined,
    updateStrategy: updateStrategy(c),
  };
}

function updateStrategy(c: Context): Plain {
  if (c.values.text('updateStrategy.type') === 'OnDelete') return made('EtcdUpdateStrategy', 'onDelete');
  const partition = c.values.map('updateStrategy.rollingUpdate').partition ?? 0;
  if (typeof partition !== 'number') c.refuse('updateStrategy.rollingUpdate', 'partition: expected a whole number');
  return partition === 0 ? undefined : made('EtcdUpdateStrategy', 'rollingUpdate', Number(partition));
}
