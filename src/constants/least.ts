/** The smallest size of something, and why nothing works below it. */
export interface Least {
  readonly size: string;
  readonly why: string;
}

/** The smallest sizes. Larger ones that are unwise are warnings: src/rules/sizes.ts. */
export const LEAST = {
  quotaBackend: { size: '16Mi', why: 'etcd refuses all writes once the database reaches the quota' },
  maxRequest: { size: '16Ki', why: 'members write entries of their own' },
  memory: { size: '64Mi', why: 'etcd and its tools do not run with less' },
  ephemeralStorage: { size: '64Mi', why: 'pods keep their tools and logs in it' },
  memberVolume: { size: '256Mi', why: 'etcd allocates files of 64Mi for its write-ahead log' },
  snapshotVolume: { size: '64Mi', why: 'a new snapshot is written beside the ones that are kept' },
} as const satisfies { readonly [name: string]: Least };
