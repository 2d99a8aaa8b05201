import { portNameProblem } from '../../grammar/names';
import type { Json, k8s } from '../../kubernetes';
import { oneOf, port, text, whole } from '../values';
import { each, fields, needs, oneField, rule } from './fields';
import type { Values } from './kube';

const NUMBER = whole(0, 2_147_483_647);
const PORT_NAME = text(portNameProblem);

/** A port by its number or its name. */
export const PORT_REF: Values<number | string> = (value, path, problems) =>
  typeof value === 'string' ? PORT_NAME(value, path, problems) : port(value, path, problems);

const EXEC = fields<Json<k8s.ExecAction>>(
  {},
  needs('command'),
  rule(
    'command',
    ({ command }) => command === undefined || command.length > 0,
    'expected a command, not an empty list',
  ),
);
const HTTP_GET = fields<Json<k8s.HttpGetAction>>({
  path: text((v) => (v === '' ? 'expected a path such as /healthz; leave it out for /' : undefined)),
  port: PORT_REF,
  scheme: oneOf(['HTTP', 'HTTPS']),
  httpHeaders: each(
    fields<Json<k8s.HttpHeader>>({
      name: text((v) =>
        /^[-A-Za-z0-9]+$/.test(v) ? undefined : 'expected the name of an HTTP header, such as X-Team',
      ),
    }),
  ),
});
const TCP_SOCKET = fields<Json<k8s.TcpSocketAction>>({ port: PORT_REF });

type Probe = Json<k8s.Probe>;

const PROBE = fields<Probe>(
  {
    exec: EXEC,
    httpGet: HTTP_GET,
    tcpSocket: TCP_SOCKET,
    grpc: fields<Json<k8s.GrpcAction>>({ port }),
    initialDelaySeconds: NUMBER,
    timeoutSeconds: NUMBER,
    periodSeconds: NUMBER,
    failureThreshold: NUMBER,
    successThreshold: NUMBER,
    terminationGracePeriodSeconds: whole(1, Number.MAX_SAFE_INTEGER),
  },
  oneField('exec', 'httpGet', 'tcpSocket', 'grpc'),
);

const ONCE = rule<Probe>(
  'successThreshold',
  ({ successThreshold = 1 }) => successThreshold <= 1,
  'expected 1, because only a readiness probe may have another value',
);

/** Of liveness and startup probes. */
export const RESTARTING_PROBE: Values<Probe> = (probe, path, problems) => {
  PROBE(probe, path, problems);
  ONCE(probe, path, problems);
};

export const READINESS_PROBE: Values<Probe> = (probe, path, problems) => {
  PROBE(probe, path, problems);
  const at = `${path}.terminationGracePeriodSeconds`;
  if (probe.terminationGracePeriodSeconds !== undefined && !problems.touch(at))
    problems.add(at, 'is for liveness and startup probes only; remove it', probe.terminationGracePeriodSeconds);
};

const HANDLER = fields<Json<k8s.LifecycleHandler>>(
  { exec: EXEC, httpGet: HTTP_GET, tcpSocket: TCP_SOCKET },
  oneField('exec', 'httpGet', 'tcpSocket'),
);

/** @see https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/ */
export const LIFECYCLE = fields<Json<k8s.Lifecycle>>({ postStart: HANDLER, preStop: HANDLER });
