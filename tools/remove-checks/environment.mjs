// Jest's environment: after each test that passes, the test again without each place that reported something in it.
import { TestEnvironment } from 'jest-environment-node';
import { results } from './results.mjs';
import { switches } from './switches.mjs';

/** A test of many apps would run for hours. */
const SLOW_MS = 3000;

export default class RemovingEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.__checks = switches;
    results.startFile();
  }

  handleTestEvent({ name, test }) {
    if (name === 'test_start' && test.fn.length === 0) test.fn = withoutEach(test);
  }
}

function withoutEach(test) {
  const { fn } = test;
  const name = nameOf(test);
  const again = [...hooksOf(test, 'afterEach').reverse(), ...hooksOf(test, 'beforeEach'), fn];
  return async function () {
    const passes = async () => {
      try {
        for (const step of again) await step.call(this);
        return true;
      } catch {
        return false;
      }
    };
    const startedAt = performance.now();
    switches.listen();
    await fn.call(this);
    const isSlow = performance.now() - startedAt > SLOW_MS;
    const places = [...switches.reported].filter((place) => results.reports(place, name));
    // A test that fails when it runs twice says nothing.
    if (places.length === 0 || isSlow || !(await passes())) return;
    for (const place of places) {
      switches.removed = place;
      const isUnseen = await passes();
      switches.removed = undefined;
      if (isUnseen) continue;
      if (!(await passes())) return;
      results.notices(place, name);
    }
  };
}

/** From the outermost describe to the test. */
function hooksOf(test, type) {
  const hooks = [];
  for (let { parent } = test; parent; parent = parent.parent)
    hooks.unshift(...parent.hooks.filter((hook) => hook.type === type).map((hook) => hook.fn));
  return hooks;
}

function nameOf(test) {
  const names = [];
  for (let one = test; one.parent; one = one.parent) names.unshift(one.name);
  return names.join(' › ');
}
