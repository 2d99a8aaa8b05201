/** Names of time zones that Go's time.LoadLocation, and so a CronJob, accepts. */

const EXPECTED = 'expected an IANA time zone with exact case such as UTC, Europe/Berlin or America/New_York';
const NO_LOCAL = 'expected an explicit IANA time zone, because Kubernetes refuses Local; use UTC or Europe/Berlin';

const AREA =
  /^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Europe|Indian|Mexico|Pacific|US)\//;
const ETC = /^Etc\/(GMT([+-]?0|\+[1-9]|\+1[0-2]|-[1-9]|-1[0-4])?|UTC|UCT|Universal|Zulu|Greenwich)$/;
/** Intl also accepts PST, IST and SystemV/PST8, which Go does not know, so names without an area are listed here. */
const SHORT_NAMES = new Set(
  (
    'CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland Iran ' +
    'Israel Jamaica Japan Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC ROK ' +
    'Singapore Turkey UCT UTC Universal W-SU WET Zulu'
  ).split(' '),
);
const ALIAS_WORD =
  /^([A-Z][a-z]+|IN|ACT|LHI|NSW|es|au|of|ComodRivadavia|DeNoronha|DumontDUrville|McMurdo|EasterIsland|Baja(Norte|Sur))$/;
const ONLY_IN_INTL = new Set(['US/Pacific-New']);

/** Why Kubernetes would refuse `v` as the time zone of a CronJob, or undefined. */
export function timeZoneProblem(v: string): string | undefined {
  if (v.toLowerCase() === 'local') {
    return NO_LOCAL;
  }
  if (SHORT_NAMES.has(v) || ETC.test(v)) {
    return undefined;
  }
  const canonical = AREA.test(v) && !ONLY_IN_INTL.has(v) ? canonicalName(v) : undefined;
  if (canonical === undefined) {
    return EXPECTED;
  }
  if (canonical.toLowerCase() === v.toLowerCase()) {
    return canonical === v ? undefined : EXPECTED;
  }
  // Intl does not return the canonical spelling of an alias. Go on Linux is case-sensitive, and names are capitalized.
  return v
    .replace(AREA, '')
    .split(/[/_-]/)
    .every((word) => ALIAS_WORD.test(word))
    ? undefined
    : EXPECTED;
}

function canonicalName(v: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: v }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
