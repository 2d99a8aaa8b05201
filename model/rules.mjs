/** The rules that protocol 2 adds to protocol 1. A scenario can remove one, to show what it is for. */
export const RULES = [
  'publishFirst', // says `fresh N` before it asks others for that N
  'begunDecides', // while `bootstrapping`, says the number of members that the first start was begun with
  'followBegun', // without data, in a first start that another has begun: takes the number of members of that
  'askEveryone', // asks everyone there can be; for a first start, only silence and `fresh N` will do beyond N
  'diskIds', // a first start is of these very disks
  'learnersOnly', // an entry that never ran is taken as it is only when it is a learner
  'activePeer', // no entry is removed while the ready member is connected to it
  'learnerSlot', // a learner that never ran and is silent is removed: there is room for one
  'idFromEtcd', // the member id is noted as soon as etcd runs, not only once it votes
  'restartUnlisted', // runs without a quorum, and a ready member's list lacks its id: etcd starts again
  'beginAgain', // the log of a first start has no entry: the same first start is begun again
  'wishInPod', // the wish of recover-quorum.sh is dropped when another member is ready or has data
  'namedLost', // recover-quorum.sh: members without data, or silent, are named as lost; the others are survivors
  'nextSurplus', // when etcd refuses to remove a surplus member, the next one is tried
  'quorumThen', // no surplus member is removed whose removal leaves too few that run; etcd's own check may lag behind
  'holdOn', // does not leave while no member is ready, unless all others leave as well
];

/** What can happen, and which function of which script does it. Nothing may wait for an event that only a fault causes. */
export const ACTIONS = {
  start: { by: 'member.sh agree' },
  readSettings: { by: 'agree.sh begin' },
  hear: { by: 'agree.sh not_fresh' },
  firstStart: { by: 'agree.sh bootstrap' },
  startOnData: { by: 'agree.sh check_data' },
  setAside: { by: 'data.sh set_aside' },
  dropWish: { by: 'agree.sh drop_request' },
  force: { by: 'member.sh run_etcd' },
  takeEntry: { by: 'membership.sh join_cluster' },
  removeOwnEntry: { by: 'membership.sh remove_entry' },
  removeSilentLearner: { by: 'lead.sh remove_stale_learner' },
  addLearner: { by: 'membership.sh add_learner' },
  promote: { by: 'watch-member.sh promote' },
  noteId: { by: 'watch-member.sh note_id' },
  noteSelf: { by: 'watch-member.sh note_self' },
  removeSurplus: { by: 'lead.sh remove_surplus, leave.sh remove_stopped' },
  restart: { by: 'watch-member.sh restart_if_removed' },
  beginAgain: { by: 'watch-member.sh begin_again_if_empty' },
  leave: { by: 'leave.sh wait_until_not_needed' },
  wish: { by: 'recover-quorum.sh check_others' },
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

/** The same for restores. */
export const RESTORE_RULES = [
  'runIds', // offer, prepared data, stance and token hold which run of the restore they are of
  'begunCounts', // once one runs on the new data, the number of members that it began with decides
  'anyRun', // with data, reads the member list of a quorum on data of the same id, of whichever run: and is not in it
  'takesBack', // before it drops what it has prepared: says so, and waits for longer than a decision of others takes
  'emptyIsAbsent', // a member without data, of which no job restores the wanted ones, keeps none from switching: it joins
  'followsQuorum', // the settings ask for no data: a member without a quorum takes the data on which another is ready
  'discardFirst', // reads whether old data is to be discarded before it reads which data is wanted
];

export const RESTORE_ACTIONS = {
  look: { by: 'restore-member.sh look' },
  tell: { by: 'restore-member.sh take_stance' },
  takeBack: { by: 'restore-member.sh take_back' },
  prepare: { by: 'prepare-restore.sh prepare' },
  wait: { by: 'restore-member.sh stay_reason' },
  switchData: { by: 'restore-member.sh switch_data' },
  setAside: { by: 'agree.sh check_data' },
  rest: { by: 'restore-member.sh settled' },
  readSettings: { by: 'restore-member.sh discard_old_data' },
  discard: { by: 'restore-member.sh discard_old_data' },
  join: { by: 'agree.sh find_cluster' },
  start: { by: 'member.sh agree' },
  settings: { by: 'kubelet' },
  newJob: { by: 'kubernetes' },
  crash: { by: 'fault', fault: true },
  loseDisk: { by: 'fault', fault: true },
};

/** The same for TLS on a running cluster. */
export const TRANSPORT_RULES = [
  'refuseApart', // does not start while another member is two levels apart: neither could reach the other
  'keepScheme', // listens with the scheme that it has recorded, unless a quorum has just listed another one
  'restartInTurn', // restarts etcd, when that scheme is not that of the manifests
  'askListed', // does not restart while the URL of another member in the list is not the one that it listens with
  'sayFirst', // says that it is about to restart before it reads what the others say
];

export const TRANSPORT_ACTIONS = {
  commit: { by: 'GitOps' },
  rollout: { by: 'StatefulSet' },
  begin: { by: 'member.sh agree' },
  moveAtStart: { by: 'transport.sh use_wanted_scheme' },
  startAsBefore: { by: 'agree.sh start_on_data' },
  back: { by: 'watch-member.sh note_self' },
  learn: { by: 'etcd' },
  moveAddress: { by: 'watch-member.sh move_address' },
  sayTurn: { by: 'restart.sh restart_in_turn' },
  readTurn: { by: 'restart.sh is_our_turn' },
  giveWay: { by: 'restart.sh is_our_turn' },
  restartInTurn: { by: 'restart.sh restart_in_turn' },
  crash: { by: 'fault', fault: true },
  crashBetween: { by: 'fault', fault: true },
};

/** The same for root's password. */
export const USERS_RULES = [
  'remember', // uses the password that etcd accepted last, while etcd does not accept the one in the Secret
  'waitForAll', // does not change the password while a member that answers does not have another one in its Secret
];

export const USERS_ACTIONS = {
  changeSecret: { by: 'GitOps' },
  update: { by: 'kubelet' },
  begin: { by: 'member.sh run_etcd' },
  remember: { by: 'root.sh remember_password' },
  readNew: { by: 'root.sh change_root' },
  changePassword: { by: 'root.sh change_root' },
  replace: { by: 'fault', fault: true },
};

/** The same for the settings of users. */
export const SETTINGS_RULES = [
  'askAll', // applies nothing while a member that answers has other settings
  'askQuorum', // applies nothing unless a majority, itself included, has its settings
  'sayFirst', // says which settings it is about to apply before it reads what the others say, until it is done
];

export const SETTINGS_ACTIONS = {
  commit: { by: 'GitOps' },
  update: { by: 'kubelet' },
  begin: { by: 'member.sh run_etcd' },
  copySettings: { by: 'users.sh copy_settings' },
  readSettings: { by: 'users.sh why_not_apply' },
  applySettings: { by: 'users.sh apply_users' },
  endRun: { by: 'users.sh follow_users' },
  stop: { by: 'fault', fault: true },
  loseAnswer: { by: 'fault', fault: true },
};
