import type { Json, k8s } from '../../kubernetes';
import { oneOf, text, whole } from '../values';
import { fields, rule } from './fields';
import { relativePathProblem } from './paths';

type Context = Json<k8s.SecurityContext>;
type Seccomp = Json<k8s.SeccompProfile>;

const ID = whole(0, 2_147_483_647);

/** @see https://kubernetes.io/docs/tasks/configure-pod-container/security-context/ */
export const SECURITY_CONTEXT = fields<Context>(
  {
    runAsUser: ID,
    runAsGroup: ID,
    procMount: oneOf(['Default']),
    seccompProfile: fields<Seccomp>(
      { type: oneOf(['RuntimeDefault', 'Localhost', 'Unconfined']), localhostProfile: text(relativePathProblem) },
      rule(
        'localhostProfile',
        ({ type, localhostProfile }) => (type === 'Localhost') === (localhostProfile !== undefined),
        'is required with type Localhost, and for no other type',
      ),
    ),
    windowsOptions: (options, path, problems) =>
      problems.add(path, 'is for Windows, and etcd needs Linux nodes; remove it', options),
  },
  rule(
    'runAsUser',
    ({ runAsUser, runAsNonRoot }) => runAsUser !== 0 || runAsNonRoot === false,
    'needs runAsNonRoot: false, because the pod has true, and the kubelet does not start root then; set it, or choose another user',
  ),
  rule(
    'allowPrivilegeEscalation',
    ({ allowPrivilegeEscalation, privileged, capabilities }) =>
      allowPrivilegeEscalation !== false || !(privileged === true || capabilities?.add?.includes('CAP_SYS_ADMIN')),
    'cannot be false with privileged: true or the capability CAP_SYS_ADMIN; remove one of them',
  ),
);
