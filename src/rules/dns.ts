import type { Problems } from '../checks/problems';
import type { ClusterConfig } from '../config/cluster';
import { memberNames, podDomain } from '../config/etcd-options';
import { MOST_MEMBERS } from '../constants/names';
import { memberUrlProblem, ofMember } from '../grammar/member-pattern';

const LONGEST_NAME = 253;

/** Names that consist of several props. Members that are added later have names too. */
export function checkDnsNames(config: ClusterConfig, problems: Problems): void {
  const [member = ''] = memberNames(config, MOST_MEMBERS).slice(-1);
  const name = `${member}.${podDomain(config)}`;
  if (name.length > LONGEST_NAME && !problems.touch('name', 'namespace', 'clusterDomain'))
    problems.add(
      'clusterDomain',
      `DNS names have at most ${LONGEST_NAME} characters, and ${name} has ${name.length}; use a shorter name, namespace or domain`,
      config.etcd.clusterDomain,
    );
  const pattern = config.externalAccess?.advertisedUrl;
  if (pattern === undefined || problems.touch('name', 'externalAccess.advertisedUrl')) return;
  // Later ordinals are as long.
  const problem = memberUrlProblem(pattern.replace(/\{member\}/g, () => `${config.name}-{ordinal}`));
  if (problem !== undefined) problems.add('externalAccess.advertisedUrl', problem, ofMember(pattern, member, 0));
}
