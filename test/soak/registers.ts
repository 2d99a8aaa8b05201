import { ClientPod } from '../e2e/support/client-pod';
import type { Kubectl } from '../e2e/support/kubectl';

export interface RegisterCounts {
  readonly operations: number;
  readonly answered: number;
  /** Writes without an answer: they may have happened, or may happen later. */
  readonly unknown: number;
  /** Reads without an answer, and writes that no member has seen. */
  readonly failed: number;
}

/** The pod whose history is checked; see test/e2e/client/registers.mjs. */
export class Registers {
  public static async start(kubectl: Kubectl, endpoints: readonly string[]): Promise<Registers> {
    const pod = await ClientPod.start(kubectl, 'registers');
    await pod.ask(`/start?${new URLSearchParams({ endpoints: endpoints.join(',') })}`);
    return new Registers(pod);
  }

  private constructor(private readonly pod: ClientPod) {}

  /** Reads every key a last time, and stops. */
  public stop(): Promise<RegisterCounts> {
    return this.pod.ask('/stop');
  }

  public history(): Promise<string> {
    return this.pod.askText('/history');
  }
}
