import { dnsLabelProblem, dnsSubdomainProblem } from '../../grammar/names';
import type { Json, k8s } from '../../kubernetes';
import { oneOf, text, whole } from '../values';
import { CLAIM_SPEC, TEMPLATE_META } from './claim';
import { DATA_KEY, FILE_FIELD, FILE_RESOURCE, OBJECT_NAME } from './environment';
import { each, fields, needs, oneField } from './fields';
import type { Values } from './kube';
import { absolutePathProblem, filePathProblem } from './paths';

type Volume = Json<k8s.Volume>;
type Projection = Json<k8s.VolumeProjection>;

const MODE = whole(0, 0o777, 'write it as 0o644 or in decimal');
const FILE_PATH = text(filePathProblem);
const ITEMS = each(fields<Json<k8s.KeyToPath>>({ key: DATA_KEY, path: FILE_PATH, mode: MODE }));

const FILES = each(
  fields<Json<k8s.DownwardApiVolumeFile>>(
    { path: FILE_PATH, mode: MODE, fieldRef: FILE_FIELD, resourceFieldRef: FILE_RESOURCE },
    oneField('fieldRef', 'resourceFieldRef'),
  ),
);

/** A Secret or a ConfigMap in a projected volume. */
const PROJECTED = fields<Json<k8s.SecretProjection>>({ name: OBJECT_NAME, items: ITEMS }, needs('name'));

const PROJECTION = fields<Projection>(
  {
    secret: PROJECTED,
    configMap: PROJECTED,
    downwardAPI: fields<Json<k8s.DownwardApiProjection>>({ items: FILES }),
    serviceAccountToken: fields<Json<k8s.ServiceAccountTokenProjection>>({
      path: FILE_PATH,
      expirationSeconds: whole(600, 2 ** 32),
    }),
  },
  oneField('secret', 'configMap', 'downwardAPI', 'serviceAccountToken'),
);

/** The paths of files that one source writes. */
function pathsOf({ secret, configMap, downwardAPI, serviceAccountToken }: Projection): string[] {
  const items = [...(secret?.items ?? []), ...(configMap?.items ?? []), ...(downwardAPI?.items ?? [])];
  return [...items.map(({ path }) => path), ...(serviceAccountToken ? [serviceAccountToken.path] : [])];
}

const PROJECTED_VOLUME = fields<Json<k8s.ProjectedVolumeSource>>(
  { defaultMode: MODE, sources: each(PROJECTION) },
  ({ sources = [] }, path, problems) => {
    if (problems.touch(path)) return;
    const seen = new Set<string>();
    sources.forEach((source, i) => {
      for (const file of pathsOf(source)) {
        if (seen.has(file))
          problems.add(`${path}.sources[${i}]`, 'another source has a file of this path; rename one', file);
        seen.add(file);
      }
    });
  },
);

const EPHEMERAL = fields<Json<k8s.EphemeralVolumeSource>>(
  {
    volumeClaimTemplate: fields<Json<k8s.PersistentVolumeClaimTemplate>>({ metadata: TEMPLATE_META, spec: CLAIM_SPEC }),
  },
  needs('volumeClaimTemplate'),
);

const CSI_DRIVER = text((v) =>
  v.length <= 63 &&
  /^[a-zA-Z0-9]([-a-zA-Z0-9.]*[a-zA-Z0-9])?$/.test(v) &&
  dnsSubdomainProblem(v.toLowerCase()) === undefined
    ? undefined
    : 'expected the name of a CSI driver: at most 63 letters, digits, - or ., with a letter or digit at both ends',
);

const SECRET_REF = fields<Json<k8s.LocalObjectReference>>({ name: OBJECT_NAME }, needs('name'));
const LUN = whole(0, 255);

/** The kinds of volumes that Pod Security "restricted" allows, and others. */
const SOURCES = {
  configMap: fields<Json<k8s.ConfigMapVolumeSource>>(
    { name: OBJECT_NAME, defaultMode: MODE, items: ITEMS },
    needs('name'),
  ),
  secret: fields<Json<k8s.SecretVolumeSource>>(
    { secretName: OBJECT_NAME, defaultMode: MODE, items: ITEMS },
    needs('secretName'),
  ),
  downwardAPI: fields<Json<k8s.DownwardApiVolumeSource>>({ defaultMode: MODE, items: FILES }),
  projected: PROJECTED_VOLUME,
  emptyDir: fields<Json<k8s.EmptyDirVolumeSource>>({ medium: oneOf(['', 'Memory']) }),
  persistentVolumeClaim: fields<Json<k8s.PersistentVolumeClaimVolumeSource>>({ claimName: OBJECT_NAME }),
  ephemeral: EPHEMERAL,
  csi: fields<Json<k8s.CsiVolumeSource>>({
    driver: CSI_DRIVER,
    nodePublishSecretRef: SECRET_REF,
  }),
  hostPath: fields<Json<k8s.HostPathVolumeSource>>({
    path: text(absolutePathProblem),
    type: oneOf(['', 'DirectoryOrCreate', 'Directory', 'FileOrCreate', 'File', 'Socket', 'CharDevice', 'BlockDevice']),
  }),
  iscsi: fields<Json<k8s.IscsiVolumeSource>>({
    targetPortal: text((v) => (v === '' ? 'expected the address of the target' : undefined)),
    iqn: text((v) => (/^(iqn|eui|naa)\../.test(v) ? undefined : 'expected a name that begins with iqn., eui. or naa.')),
    lun: LUN,
    secretRef: SECRET_REF,
  }),
  fc: fields<Json<k8s.FcVolumeSource>>({ lun: LUN }, oneField('targetWWNs', 'wwids'), (fc, path, problems) => {
    if (fc.targetWWNs !== undefined && fc.lun === undefined)
      problems.add(`${path}.lun`, 'is required with targetWWNs; set it');
  }),
  nfs: fields<Json<k8s.NfsVolumeSource>>({
    server: text((v) => (v === '' ? 'expected the name or address of the server' : undefined)),
    path: text(absolutePathProblem),
  }),
} satisfies { readonly [K in keyof Volume]?: Values<NonNullable<Volume[K]>> };

const KINDS = Object.keys(SOURCES) as (keyof typeof SOURCES)[];

/** @see https://kubernetes.io/docs/concepts/storage/volumes/#volume-types */
export const VOLUME: Values<Volume> = fields<Volume>(
  { name: text(dnsLabelProblem), ...SOURCES },
  (volume, path, problems) => {
    const others = Object.keys(volume).filter((key) => key !== 'name' && !(KINDS as string[]).includes(key));
    for (const kind of others)
      if (!problems.touch(`${path}.${kind}`))
        problems.add(
          `${path}.${kind}`,
          `Kubernetes has removed this in-tree volume type, or moved it to CSI; use csi or persistentVolumeClaim`,
        );
    const [, second] = KINDS.filter((kind) => volume[kind] !== undefined);
    if (second !== undefined && !problems.touch(`${path}.${second}`))
      problems.add(`${path}.${second}`, 'a volume has one kind only; keep one of them');
  },
);
