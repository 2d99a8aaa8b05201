import { spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Written } from '../../support/synth';
import { environmentOf, type Container, type Identity, type Probe } from './container';
import { eventually } from './eventually';
import { machine, programPath } from './machine';
import { quote, run, type Result } from './run';

/** The network and the lifetime that pods share. */
export interface Sandbox {
  /** The process in whose namespaces pods are created. All end with it. */
  readonly pid: number;
  readonly folder: string;
  /** Lines of /etc/hosts, which stand for DNS. */
  hosts: string;
}

/** Answers NXDOMAIN for names that are not in the pod's /etc/hosts. */
export const NAMESERVER = '10.11.12.1';

const programs = { nsenter: programPath('nsenter'), chroot: programPath('chroot') };

/**
 * One pod of the manifests: a root folder with the files of its volumes, its own namespaces, the toolbox container, then
 * its main container, with their own commands and environment.
 */
export class Pod {
  private readonly root: string;
  private readonly etcd: Container;
  private readonly toolbox: Container;
  private process?: ChildProcess;
  private starts = 0;
  /** Whether its container is restarted after it ended, in the same pod with the same volumes, as a kubelet does. */
  private wanted = false;
  private cached = '';
  private limits: string[] = [];
  /** Its real identity, if that differs from its manifests. */
  public place: Partial<Identity> = {};
  /** Scripts that replace programs, from its next start on. */
  public programs: { [name: string]: string } = {};

  public constructor(
    private readonly sandbox: Sandbox,
    private readonly identity: Identity,
    { containers, initContainers }: Written['spec'],
    /** The last part of its address. */
    private readonly ordinal: number,
    private readonly files: { readonly scripts: object; readonly settings: object },
  ) {
    this.root = join(sandbox.folder, identity.name);
    [this.etcd] = containers;
    this.toolbox = initContainers.find((c: { name: string }) => c.name === 'toolbox');
    for (const [file, text] of Object.entries(files.settings)) this.set(file, String(text));
  }

  public get name(): string {
    return this.identity.name;
  }

  public static address(ordinal: number): string {
    return `10.11.12.${10 + ordinal}`;
  }

  /** A new pod on the existing volume, or on an empty one. */
  public async start({ restart = true, largestFileKib = 0, volumeKib = 0 } = {}): Promise<void> {
    this.limits = [
      ...(volumeKib > 0 ? [`mount -t tmpfs -o size=${volumeKib}k none ${quote([this.path(this.volume)])}`] : []),
      ...(largestFileKib > 0 ? [`ulimit -f ${largestFileKib * 2}`] : []),
    ];
    for (const folder of ['run/etcd', 'toolbox', 'scripts']) this.remove(folder);
    const folders = ['bin', 'dev', 'proc', 'tmp', 'usr/local/bin', 'etc', this.volume, 'run/etcd', 'toolbox'];
    for (const folder of folders) mkdirSync(this.path(folder), { recursive: true });
    this.resolve();
    this.write('etc/resolv.conf', `nameserver ${NAMESERVER}\n`);
    for (const [file, text] of Object.entries(this.files.scripts)) this.write(`scripts/${file}`, String(text));
    for (const [name, text] of Object.entries(this.standIns())) {
      this.write(`stands-in/${name}`, `#!/toolbox/bin/sh\n${text}\n`);
      chmodSync(this.path(`stands-in/${name}`), 0o755);
    }
    this.wanted = restart;
    await this.startContainers(true);
  }

  /** The current DNS entries, or those that are still in the cache of its DNS. */
  public resolve(cached?: string): void {
    this.cached = cached ?? this.cached;
    this.write('etc/hosts', this.cached || this.sandbox.hosts);
  }

  private async startContainers(init: boolean): Promise<void> {
    const setup = this.file('setup');
    const pidFile = this.file('pid');
    rmSync(pidFile, { force: true });
    writeFileSync(setup, this.setupScript(pidFile, init));
    // A hook writes to the file descriptors of process 1, which can be a pipe, and can't be a socket as Node makes them.
    const apart = `${this.networkScript()} && exec unshare --mount --pid --fork --kill-child sh ${quote([setup])}`;
    rmSync(this.file('status'), { force: true });
    const noted = `{ unshare --net sh -c ${quote([apart])}; echo $? >${quote([this.file('status')])}; }`;
    const inside = `${noted} 2>&1 | cat >>${quote([this.file('log')])}`;
    const enter = ['--target', `${this.sandbox.pid}`, ...machine.asRoot.nsenter, '--net', '--mount', '--pid'];
    this.process = spawn('nsenter', [...enter, 'sh', '-c', inside], { stdio: 'ignore' });
    this.process.once('exit', () => {
      if (this.wanted) this.startContainers(false).catch(() => (this.wanted = false));
    });
    await eventually(
      `${this.name} is set up`,
      () => existsSync(pidFile),
      10,
      () => this.log().join('\n'),
    );
  }

  /** Runs where process 1 is the sandbox's. The hardware address stays the same, because neighbors cache it. */
  private networkScript(): string {
    const device = `p${this.ordinal}x${++this.starts}`;
    return [
      `ip link add name eth0 address 02:00:00:00:00:0${this.ordinal} type veth peer name ${device} netns 1`,
      `nsenter --target ${this.sandbox.pid} --net ip link set ${device} master pods up`,
      `ip addr add ${Pod.address(this.ordinal)}/24 dev eth0`,
      'ip link set eth0 up',
      'ip link set lo up',
    ].join(' && ');
  }

  private setupScript(pidFile: string, init: boolean): string {
    const libraries = ['/lib', '/lib64', '/usr/lib'].filter(existsSync);
    const bind = (from: string, to: string): string[] => {
      this.write(to, '', false);
      return [`mount --bind ${quote([from, this.path(to)])}`];
    };
    const busybox = quote([this.path('bin/busybox')]);
    const image = quote([this.path('bin')]);
    const toolbox = [
      `mount -t tmpfs none ${image} && cp ${quote([machine.busybox])} ${busybox}`,
      `${quote([programs.chroot, this.root])} /bin/busybox --install -s /bin`,
      this.command(this.toolbox),
      `umount ${image}`,
    ];
    return [
      'set -eu',
      'read -r pid _ </proc/self/stat', // the number outside: this is still the /proc of the machine
      ...libraries.flatMap((folder) => {
        mkdirSync(this.path(folder), { recursive: true });
        return [`mount --rbind ${quote([folder, this.path(folder)])}`];
      }),
      ...machine.etcdPrograms.flatMap((program) => bind(program, `usr/local/bin/${program.replace(/.*\//, '')}`)),
      `mount --rbind /dev ${quote([this.path('dev')])}`,
      `mount -t proc proc ${quote([this.path('proc')])}`,
      ...(init ? toolbox : []),
      ...Object.keys(this.standIns()).map((name) => `ln -sf /stands-in/${name} ${quote([this.path('toolbox/bin')])}/`),
      `echo $pid >${quote([`${pidFile}.new`])} && mv ${quote([`${pidFile}.new`, pidFile])}`,
      ...this.limits,
      `exec ${this.command(this.etcd)}`,
      '',
    ].join('\n');
  }

  private command(container: Container): string {
    const environment = Object.entries(this.environment(container)).map(([name, value]) => `${name}=${value}`);
    const argv = [...container.command, ...(container.args ?? [])];
    return `env -i ${quote(environment)} ${quote([programs.chroot, this.root, ...argv])}`;
  }

  /** There is no DNS server here, only /etc/hosts. */
  private standIns(): { [name: string]: string } {
    const nslookup = 'grep -qw -e "$1" /etc/hosts || { echo "** server can\'t find $1: NXDOMAIN"; exit 1; }';
    return { nslookup, ...this.programs };
  }

  private environment(container: Container): { [name: string]: string } {
    return environmentOf(container, { ...this.identity, ...this.place });
  }

  /** The path of a file inside the pod. */
  public path(file: string): string {
    return join(this.root, file);
  }

  public write(file: string, text: string, replace = true): void {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    if (!replace && existsSync(this.path(file))) return;
    writeFileSync(this.path(`${file}.written`), text);
    renameSync(this.path(`${file}.written`), this.path(file));
  }

  public read(file: string): string {
    return readFileSync(this.path(file), 'utf8');
  }

  public remove(file: string): void {
    rmSync(this.path(file), { recursive: true, force: true });
  }

  /** Changes one of the settings, as this pod sees them. */
  public set(setting: string, value: string): void {
    this.write(`settings/${setting}`, value);
  }

  /** Where the claim is mounted. */
  public get volume(): string {
    const { ETCD_DATA_DIR, SNAPSHOT_DIRECTORY } = this.environment(this.etcd);
    return ETCD_DATA_DIR === undefined ? (SNAPSHOT_DIRECTORY ?? '/nothing') : dirname(ETCD_DATA_DIR);
  }

  /** The files in the claim, without those that every claim has. */
  public kept(): string[] {
    const own = ['disk-id', 'owner'];
    return existsSync(this.path(this.volume))
      ? readdirSync(this.path(this.volume))
          .filter((f) => !own.includes(f))
          .sort()
      : [];
  }

  /** The notes about the data of a bootstrap. */
  public notes(): string[] {
    const folder = this.path(`${this.volume}/data.notes`);
    return existsSync(folder) ? readdirSync(folder) : [];
  }

  /** The second line that it tells the others: its stance on a restore. */
  public restore(): string {
    const file = this.path('run/etcd/public/restore');
    return existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  }

  /** A new, empty disk; for a pod that does not run. */
  public wipe(): void {
    this.remove(this.volume);
  }

  public phase(): string {
    const file = this.path('run/etcd/public/phase');
    return existsSync(file) ? (readFileSync(file, 'utf8').split('\n')[0] ?? '') : '';
  }

  /** Waits until its phase says this. */
  public async says(phase: RegExp): Promise<void> {
    const instead = (): string => [this.phase(), ...this.log().slice(-8)].join('\n  ');
    await eventually(`${this.name} says ${phase}`, () => phase.test(this.phase()), 15, instead);
  }

  /** Waits for a line of the scripts. */
  public async logs(line: RegExp, seconds = 15): Promise<void> {
    const lines = (): string => this.log().join('\n  ');
    await eventually(`${this.name} logs ${line}`, () => this.log().some((l) => line.test(l)), seconds, lines);
  }

  /** Waits until a job has ended, and says whether it succeeded. */
  public async finished(seconds = 60): Promise<boolean> {
    await eventually(
      `${this.name} ends`,
      () => !this.running(),
      seconds,
      () => this.log().slice(-12).join('\n  '),
    );
    return readFileSync(this.file('status'), 'utf8').trim() === '0';
  }

  private file(kind: 'status' | 'log' | 'pid' | 'setup'): string {
    return join(this.sandbox.folder, `${this.name}.${kind}`);
  }

  /** Lines of the scripts, without etcd's own, of all starts so far. */
  public log(): string[] {
    const text = existsSync(this.file('log')) ? readFileSync(this.file('log'), 'utf8') : '';
    return text.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
  }

  private get pid(): string {
    return readFileSync(this.file('pid'), 'utf8').trim();
  }

  public running(): boolean {
    return this.process?.exitCode === null && this.process.signalCode === null;
  }

  public runsEtcd(): boolean {
    try {
      if (!this.running()) return false;
      const children = readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'utf8').trim().split(' ');
      return children.some((child) => readFileSync(`/proc/${child}/comm`, 'utf8').trim() === 'etcd');
    } catch {
      return false;
    }
  }

  /** Runs a command in the etcd container. */
  public async exec(...command: string[]): Promise<Result> {
    return run(programs.nsenter, [...this.entrance(), ...command], this.environment(this.etcd));
  }

  private entrance(): string[] {
    return ['--target', this.pid, ...machine.asRoot.nsenter, '--net', '--mount', '--pid', '--root', '--wd=/'];
  }

  /** A few lines of shell, with functions of the scripts named. */
  public async sh(sources: string[], lines: string): Promise<Result> {
    const toolbox = '/toolbox/scripts';
    return this.exec('sh', '-euc', [...sources.map((file) => `. ${toolbox}/${file}`), lines].join('\n'));
  }

  /** Whether its readiness probe succeeds. */
  public async ready(): Promise<boolean> {
    return (await this.started()) && (await this.votes());
  }

  /** Whether it is a voting member with quorum. It need not serve yet. */
  public async votes(): Promise<boolean> {
    return this.answers(this.etcd.readinessProbe);
  }

  /** Whether its startup probe succeeds. */
  public async started(): Promise<boolean> {
    return this.runsEtcd() && (await this.answers(this.etcd.startupProbe));
  }

  private async answers(probe?: Probe): Promise<boolean> {
    if (!probe) return true;
    const { path, port } = probe.httpGet;
    const number = this.etcd.ports?.find(({ name }) => name === port)?.containerPort;
    return (await this.exec('wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${number}${path}`)).status === 0;
  }

  public async put(key: string, value: string): Promise<void> {
    const { status, stderr } = await this.exec('etcdctl', 'put', key, value);
    if (status !== 0) throw new Error(stderr);
  }

  public async get(key: string): Promise<string> {
    return (await this.exec('etcdctl', 'get', '--print-value-only', key)).stdout.trim();
  }

  public async kill(): Promise<void> {
    this.wanted = false;
    this.signal('SIGKILL');
    await this.ended();
  }

  /** Kills its container, which is started again: the same pod. */
  public crash(): void {
    this.signal('SIGKILL');
  }

  private signal(name: 'SIGTERM' | 'SIGKILL'): void {
    try {
      if (this.running()) process.kill(Number(this.pid), name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it has just ended
    }
  }

  /** Stops it as a kubelet does: the preStop hook, then the signal. Resolves to whether that was enough. */
  public async stop(graceSeconds: number): Promise<boolean> {
    this.wanted = false;
    const hook = this.etcd.lifecycle?.preStop.exec.command ?? [];
    const environment = this.environment(this.etcd);
    const deadline = performance.now() + graceSeconds * 1000;
    // The hook ends with the container when etcd is removed from its cluster meanwhile.
    await run(programs.nsenter, [...this.entrance(), ...hook], environment, graceSeconds);
    const inTime = performance.now() < deadline;
    this.signal('SIGTERM');
    const stopped = await this.ended(5).then(
      () => true,
      () => false,
    );
    if (!stopped) await this.kill();
    return stopped && inTime;
  }

  private async ended(seconds?: number): Promise<void> {
    await eventually(`${this.name} has ended`, () => !this.running(), seconds);
  }
}
