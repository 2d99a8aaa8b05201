/** Strings that cdk8s writes to YAML in a form that Kubernetes (sigs.k8s.io/yaml) reads as another value. */

const NUL =
  'expected text without NUL characters, which environment variables and arguments cannot contain; remove them';
const CONTROL =
  'expected text without U+007F to U+009F, U+2028, U+2029, U+FFFE and U+FFFF, which YAML cannot contain; remove them';
const SURROGATE = 'expected valid Unicode text without half of a surrogate pair; remove it';
const NUMBER = 'expected text that YAML does not read as an octal, hexadecimal or binary number; write it another way';
const BLANK_START =
  'expected text whose first line does not start with a tab and is not blank; start it with text or spaces';
const MERGE = 'expected a key other than <<, which YAML reads as a merge; rename it';
const CONSTRUCTOR = 'expected a key other than constructor, with which cdk8s cannot write the object; rename it';

/** cdk8s quotes 0x1f and 0b11, but leaves these spellings bare. */
const BARE_NUMBER = /^[-+]?(0[oO][0-7_]+|0X[0-9a-fA-F_]+|0B[01_]+)$/;
const UNCARRIED = /[\u007f-\u009f\u2028\u2029\ufffe\uffff]/;
/** A block literal cannot start with a tab, and blanks without text would be read as its indentation. */
const TAB_START = /^\n*\t/;
const ONLY_BLANK = /^[ \t\n]*$/;

/** Why a string would not be read back unchanged as a value, or undefined. */
export function yamlHazard(v: string): string | undefined {
  if (v.includes('\0')) {
    return NUL;
  }
  if (UNCARRIED.test(v)) {
    return CONTROL;
  }
  if (!isWellFormed(v)) {
    return SURROGATE;
  }
  if (BARE_NUMBER.test(v)) {
    return NUMBER;
  }
  // Text with a carriage return is written in double quotes, which keep all blanks.
  return v.includes('\n') && !v.includes('\r') && startsBlank(v) ? BLANK_START : undefined;
}

/** Why a string would not be read back unchanged as a key, or undefined. */
export function yamlKeyHazard(v: string): string | undefined {
  if (v === 'constructor') return CONSTRUCTOR;
  return v === '<<' ? MERGE : yamlHazard(v);
}

function startsBlank(v: string): boolean {
  return TAB_START.test(v) || (ONLY_BLANK.test(v) && /[ \t]/.test(v));
}

function isWellFormed(v: string): boolean {
  return !/\p{Surrogate}/u.test(v);
}
