import { checkAddresses } from './addresses';
import { checkClaims } from './claims';
import type { AppContent, ProblemsAt } from './content';
import { checkNames } from './names';
import { checkSelectors } from './selectors';
import { checkTemplates } from './templates';

/** Rules between the clusters of an app, and between them and the user's own objects. An app is for one Kubernetes cluster. */
export function checkApp(content: AppContent, problemsAt: ProblemsAt): void {
  checkNames(content, problemsAt);
  checkClaims(content, problemsAt);
  checkSelectors(content, problemsAt);
  checkAddresses(content, problemsAt);
  checkTemplates(content, problemsAt);
}
