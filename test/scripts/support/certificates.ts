import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
  readonly ca: string;
}

export interface CertificateOptions {
  readonly names?: string[];
  readonly commonName?: string;
  readonly days?: number;
}

/** A CA of a test's own, by openssl. */
export class Ca {
  private readonly folder = mkdtempSync(join(tmpdir(), 'etcd-ca-'));

  public constructor(name = 'ca') {
    const request = ['req', '-x509', ...this.key('ca'), '-days', '2', '-subj', `/CN=${name}`];
    this.openssl(...request, '-addext', 'basicConstraints=critical,CA:TRUE', '-out', 'ca.crt');
  }

  public get certificate(): string {
    return this.read('ca.crt');
  }

  public issue({ names = [], commonName = 'root', days = 1 }: CertificateOptions): Certificate {
    const alternatives = names.map((name) => (/^[\d.]+$/.test(name) ? `IP:${name}` : `DNS:${name}`));
    const extensions = [
      'extendedKeyUsage=serverAuth,clientAuth',
      ...(names.length > 0 ? [`subjectAltName=${alternatives.join()}`] : []),
    ];
    writeFileSync(join(this.folder, 'extensions'), `${extensions.join('\n')}\n`);
    this.openssl('req', ...this.key('leaf'), '-subj', `/CN=${commonName}`, '-out', 'leaf.csr');
    const ca = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial'];
    this.openssl(
      'x509',
      '-req',
      '-in',
      'leaf.csr',
      ...ca,
      '-days',
      `${days}`,
      '-extfile',
      'extensions',
      '-out',
      'leaf.crt',
    );
    return { certificate: this.read('leaf.crt'), key: this.read('leaf.key'), ca: this.certificate };
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private key(name: string): string[] {
    return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`];
  }

  private openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
  }

  private read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }
}
