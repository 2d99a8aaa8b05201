/** Values that must be in a Secret, and not in YAML. */

/** Words in the name of a flag or a variable whose value is a secret. */
const SECRET = [
  'secret',
  'password',
  'passwd',
  'pass',
  'token',
  'credential',
  'credentials',
  'key',
  'sas',
  'connection',
];
/** Last words of names whose value says where a secret is, or how it is used. */
const HARMLESS = ['file', 'path', 'dir', 'command', 'agent', 'md5', 'algorithm', 'name', 'endpoint', 'url', 'uri'];
/** Names with such words that are neither. */
const OTHERS = /^(ask-password|.*-ask-password|.*kms-key-id|.*use-agent|.*sas-expiry|.*key-exchange)$/;

/** Whether a flag or variable such as `s3-secret-access-key` or `AWS_SESSION_TOKEN` has a secret as its value. */
export function isCredential(name: string): boolean {
  const plain = name.toLowerCase().replace(/[_.]/g, '-').replace(/^-+/, '');
  const words = plain.split('-');
  if (OTHERS.test(plain)) return false;
  if (HARMLESS.includes(words.at(-1) ?? '') && !words.includes('sas')) return false;
  return words.some((word) => SECRET.includes(word.replace(/\d+$/, '')));
}

/** Whether a value has a user and a password in a URL, or an authorization. */
export function hasCredential(value: string): boolean {
  return /:\/\/[^/\s]*:[^/\s]*@/.test(value) || /\b(authorization|x-api-key)\b.*[:=]/i.test(value);
}
