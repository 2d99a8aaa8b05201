import { must } from './kubectl';

/**
 * Whether pods can be cut off here. It needs the network of the nodes, which kubectl cannot reach: E2E_PARTITION=host says
 * that all nodes share this machine's network, and that pods' packets are forwarded by it (iptables, root).
 */
export const CAN_PARTITION = process.env.E2E_PARTITION === 'host';

/** Drops traffic between a pod and the other pods during `act`. Its node still reaches it. */
export function whileCutOff<T>(podIp: string, act: () => Promise<T>): Promise<T> {
  return whileDropped([['-s', podIp], ['-d', podIp]], act); // prettier-ignore
}

/** Drops traffic between two pods during `act`. All others reach both. */
export function whilePairCutOff<T>(one: string, other: string, act: () => Promise<T>): Promise<T> {
  return whileDropped([['-s', one, '-d', other], ['-s', other, '-d', one]], act); // prettier-ignore
}

async function whileDropped<T>(packets: readonly string[][], act: () => Promise<T>): Promise<T> {
  const rules = packets.map((which) => ['FORWARD', ...which, '-j', 'DROP']);
  const inserted: string[][] = [];
  try {
    for (const rule of rules) {
      await must('iptables', '-w', '-I', ...rule);
      inserted.push(rule);
    }
    return await act();
  } finally {
    for (const rule of inserted) await must('iptables', '-w', '-D', ...rule);
  }
}
