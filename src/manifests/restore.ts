import { createHash } from 'node:crypto';
import type { ClusterConfig } from '../config/cluster';
import type { RestoreConfig } from '../config/restore';
import { FIXED } from '../constants/defaults';
import { resolveJobPod } from '../config/cron-job';
import type { StoreConfig } from '../config/store';
import { COMPONENT, CONTAINER } from '../constants/names';
import type { Json, k8s } from '../kubernetes';
import { jobPod, jobPodLabels } from './jobs';
import { metadata, write, type Manifest } from './object';
import { variables } from './pod';
import { storeParts } from './store';

/**
 * Serves the snapshot to the members. The template of a Job is immutable, so its name has a hash: each restore, and
 * each change of its settings, is a new Job, and a Job that is done does not run again.
 */
export function restoreJob(config: ClusterConfig, restore: RestoreConfig, from: StoreConfig): Manifest {
  const store = storeParts(config, from, { readOnly: true });
  const spec: Json<k8s.JobSpec> = {
    backoffLimit: FIXED.restoreBackoffLimit,
    template: {
      metadata: { labels: jobPodLabels(config, { component: COMPONENT.restore, servesSnapshots: true }) },
      spec: jobPod(
        config,
        { ...resolveJobPod({}, config), resources: restore.resources },
        {
          ...store,
          name: config.names.restore,
          component: COMPONENT.restore,
          container: CONTAINER.restore,
          script: 'serve-snapshot.sh',
          servesSnapshots: true,
          env: [
            ...store.env,
            ...variables({
              RESTORE_ID: restore.id,
              RESTORE_FILE: restore.fileName,
              RESTORE_KIND: 'asked',
            }),
          ],
        },
        'OnFailure',
      ),
    },
  };
  const hash = createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 8);
  return write<k8s.KubeJobProps>('batch/v1', 'Job', {
    metadata: metadata(config, `${config.names.restore}-${hash}`, { component: COMPONENT.restore }),
    spec,
  });
}
