export interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

/** A field of the pod itself. */
interface Source {
  readonly fieldRef: { readonly fieldPath: string };
}

/** The identity of a pod. */
export interface Identity {
  readonly name: string;
  readonly namespace: string;
  /** Labels of the Job that it belongs to. */
  readonly controllerUid?: string;
}

export interface Container {
  readonly command: string[];
  readonly args?: string[];
  readonly env: { readonly name: string; readonly value?: string; readonly valueFrom?: Source }[];
  readonly ports?: { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly lifecycle?: { readonly preStop: { readonly exec: { readonly command: string[] } } };
}

/** The environment that a kubelet gives to a container. */
export function environmentOf({ env }: Container, identity: Identity): { [name: string]: string } {
  return Object.fromEntries(
    env.map(({ name, value, valueFrom }) => [
      name,
      valueFrom
        ? field(identity, valueFrom.fieldRef.fieldPath)
        : (value ?? '').replaceAll('$(POD_NAME)', identity.name),
    ]),
  );
}

function field({ name, namespace, controllerUid }: Identity, path: string): string {
  const fields: { readonly [path: string]: string | undefined } = {
    'metadata.name': name,
    'metadata.namespace': namespace,
    "metadata.labels['batch.kubernetes.io/controller-uid']": controllerUid,
  };
  const value = fields[path];
  if (value === undefined) throw new Error(`${name} has no field ${path}`);
  return value;
}
