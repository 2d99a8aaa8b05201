/** The rules that protocol 2 adds to protocol 1. A scenario can take one away, to see what it is for. */
export const RULES = [
  'publishFirst', // says `fresh N` before it asks others for that N
  'begunDecides', // while `bootstrapping`, says the number of members that the first start was begun with
  'askEveryone', // a first start needs an answer from everyone there can be; beyond N, only silence and `fresh N` will do
  'diskIds', // a first start is of these very disks
  'learnersOnly', // an entry that never ran is taken as it is only when it is a learner
  'activePeer', // no entry is removed while the ready member is connected to it
  'learnerSlot', // a learner that never ran and is silent is removed for another
  'idFromEtcd', // the member id is noted as soon as etcd runs, not only once it votes
  'restartUnlisted', // runs without a quorum, and a ready member's list lacks its id: etcd starts again
  'beginAgain', // the log of a first start has no entry: the same first start is begun again
  'wishInPod', // the wish of recover-quorum.sh is dropped when another member is ready or has data
  'namedLost', // recover-quorum.sh: members without data, or silent, are named as lost; the others are survivors
  'nextSurplus', // when etcd refuses to remove a surplus member, the next one is tried
  'holdOn', // does not leave while nobody is ready, unless all others leave as well
];

/** What can happen, and which function of which script does it. Nothing may be waited for that only a fault brings. */
export const ACTIONS = {
  start: { by: 'member.sh agree' },
  readSettings: { by: 'agree.sh begin' },
  hear: { by: 'agree.sh not_fresh' },
  firstStart: { by: 'agree.sh first_start' },
  startOnData: { by: 'agree.sh check_data' },
  setAside: { by: 'agree.sh still_listed' },
  dropWish: { by: 'agree.sh check_data' },
  force: { by: 'member.sh run_etcd' },
  takeEntry: { by: 'membership.sh join_cluster' },
  removeOwnEntry: { by: 'membership.sh join_cluster' },
  removeSilentLearner: { by: 'membership.sh join_cluster' },
  addLearner: { by: 'membership.sh join_cluster' },
  promote: { by: 'watch-member.sh promote' },
  noteId: { by: 'watch-member.sh note_self' },
  noteSelf: { by: 'watch-member.sh note_self' },
  removeSurplus: { by: 'watch-member.sh remove_surplus' },
  restart: { by: 'watch-member.sh start_again_once' },
  beginAgain: { by: 'watch-member.sh start_again_once' },
  leave: { by: 'leave.sh needed' },
  wish: { by: 'recover-quorum.sh' },
  write: { by: 'etcd' },
  round: { by: 'etcd' },
  publish: { by: 'etcd' },
  exit: { by: 'etcd' },
  settings: { by: 'kubelet' },
  nodeBack: { by: 'kubelet' },
  scale: { by: 'StatefulSet' },
  upgrade: { by: 'StatefulSet' },
  crash: { by: 'fault', fault: true },
  crashInFirstStart: { by: 'fault', fault: true },
  loseDisk: { by: 'fault', fault: true },
  loseAnswer: { by: 'fault', fault: true },
};
