/** References of container images: the grammar of distribution/reference, with Docker's defaults. */

const EXPECTED =
  'expected an image reference such as registry.example.com:5000/etcd:v3.6.0, with a lower-case repository and no ' +
  'scheme or space';
const PIN = 'expected a pinned version; add a tag such as :v3.6.0 (not latest) or an @sha256 digest';
const REGISTRY =
  'expected a registry host with optional port and path such as mirror.example.com:5000/proxy; remove scheme, ' +
  'tag and trailing slash';

const HOST_LABEL = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const PORT = '(?:[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])';
const HOST = `(?:${HOST_LABEL}(?:\\.${HOST_LABEL})*|\\[[a-fA-F0-9:]+\\])(?::${PORT})?`;
const PATH_PART = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const PATH = `${PATH_PART}(?:/${PATH_PART})*`;
const IS_HOST = new RegExp(`^${HOST}$`);
const IS_PATH = new RegExp(`^${PATH}$`);
const IS_TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const IS_DIGEST = /^(sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})$/;
const NAME_LENGTH = 255;
const DEFAULT_REGISTRY = 'docker.io';

/** The parts of an image reference. */
export interface ImageReferenceParts {
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Why `v` is not an image reference with a pinned version, or undefined. */
export function imageReferenceProblem(v: string): string | undefined {
  const parts = read(v);
  if (parts === undefined) {
    return EXPECTED;
  }
  return parts.digest === undefined && (parts.tag === undefined || parts.tag === 'latest') ? PIN : undefined;
}

/** Why a kubelet could not pull `v`, or undefined. The version need not be pinned. */
export function runnableImageProblem(v: string): string | undefined {
  return read(v) === undefined ? EXPECTED : undefined;
}

/** Why `v` is not a registry with an optional path, or undefined. */
export function imageRegistryProblem(v: string): string | undefined {
  const slash = v.indexOf('/');
  const host = slash < 0 ? v : v.slice(0, slash);
  const isValid = IS_HOST.test(host) && isRegistryHost(host) && (slash < 0 || IS_PATH.test(v.slice(slash + 1)));
  return isValid && v.length < NAME_LENGTH ? undefined : REGISTRY;
}

/** Splits a valid image reference. Adds docker.io and library/ if they are left out. */
export function parseImageReference(v: string): ImageReferenceParts {
  const parts = read(v);
  if (parts === undefined) {
    throw new Error(EXPECTED);
  }
  return parts;
}

function read(v: string): ImageReferenceParts | undefined {
  const at = v.indexOf('@');
  const digest = at < 0 ? undefined : v.slice(at + 1);
  const named = at < 0 ? v : v.slice(0, at);
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  const name = splitName(colon < 0 ? named : named.slice(0, colon));
  const isTagFine = tag === undefined || IS_TAG.test(tag);
  const isDigestFine = digest === undefined || IS_DIGEST.test(digest);
  if (name === undefined || !isTagFine || !isDigestFine) {
    return undefined;
  }
  return { ...name, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

function splitName(name: string): { registry: string; repository: string } | undefined {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const hasHost = slash >= 0 && isRegistryHost(first);
  const host = hasHost ? first : DEFAULT_REGISTRY;
  const path = hasHost ? name.slice(slash + 1) : name;
  const registry = host === 'index.docker.io' ? DEFAULT_REGISTRY : host;
  const repository = registry === DEFAULT_REGISTRY && !path.includes('/') ? `library/${path}` : path;
  if (!IS_HOST.test(host) || !IS_PATH.test(path) || repository.length > NAME_LENGTH) {
    return undefined;
  }
  return { registry, repository };
}

/** Docker reads the first part as a host only if it cannot be part of a repository on Docker Hub. */
function isRegistryHost(part: string): boolean {
  return /[.:]/.test(part) || part === 'localhost' || part !== part.toLowerCase();
}
