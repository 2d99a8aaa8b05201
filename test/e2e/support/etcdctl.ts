/** etcdctl's JSON with IDs as text, because they exceed JavaScript numbers. */
export interface Member {
  readonly id: string;
  /** Empty until it has started for the first time. */
  readonly name: string;
  readonly isLearner: boolean;
  readonly peerUrls: readonly string[];
  readonly clientUrls: readonly string[];
}

export interface MemberList {
  readonly clusterId: string;
  readonly members: readonly Member[];
}

export interface MemberStatus {
  readonly memberId: string;
  readonly leaderId: string;
  readonly version: string;
  readonly raftIndex: number;
  readonly revision: number;
  /** Of its database, in bytes. */
  readonly dbSize: number;
  readonly dbSizeInUse: number;
}

interface RawMember {
  ID: string;
  name?: string;
  isLearner?: boolean;
  peerURLs: string[];
  clientURLs?: string[];
}

interface RawStatus {
  Status: {
    header: { member_id: string; revision: number };
    leader: string;
    version: string;
    raftIndex: number;
    dbSize: number;
    dbSizeInUse: number;
  };
}

export function parseMemberList(output: string): MemberList {
  const { header, members } = parse(output) as { header: { cluster_id: string }; members: RawMember[] };
  const list = members.map((member) => ({
    id: hex(member.ID),
    name: member.name ?? '',
    isLearner: member.isLearner ?? false,
    peerUrls: member.peerURLs,
    clientUrls: member.clientURLs ?? [],
  }));
  return { clusterId: hex(header.cluster_id), members: list.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

export function parseStatus(output: string): MemberStatus[] {
  return (parse(output) as RawStatus[]).map(({ Status: status }) => ({
    memberId: hex(status.header.member_id),
    leaderId: hex(status.leader),
    version: status.version,
    raftIndex: status.raftIndex,
    revision: status.header.revision,
    dbSize: status.dbSize,
    dbSizeInUse: status.dbSizeInUse,
  }));
}

export function parseHashes(output: string): number[] {
  return (parse(output) as { HashKV: { hash: number } }[]).map((answer) => answer.HashKV.hash);
}

const IDS = /"(ID|cluster_id|member_id|leader)":(\d+)/g;

function parse(output: string): unknown {
  return JSON.parse(output.replace(IDS, '"$1":"$2"'));
}

function hex(id: string): string {
  return BigInt(id).toString(16);
}
