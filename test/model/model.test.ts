import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';

// `npm run verify` searches everything, for minutes; this is as much of it as fits into seconds.
describe('the model of the membership protocol', () => {
  test('finds the known mistakes, and none in the first states of the safe variants', () => {
    const { stdout, status } = spawnSync(process.execPath, ['model/run.mjs', '--limit', '1500'], { encoding: 'utf8' });
    const rows = stdout.split('\n').filter((line) => / \d+\.\d \| /.test(line));
    expect(stdout.split('\n').filter((line) => /EXPECTED|never/.test(line))).toEqual([]);
    expect(status).toBe(0);
    const found = rows.filter((row) => !/ (safe|not finished) \|$/.test(row));
    expect(found.length).toBeGreaterThan(20);
  }, 60_000);

  test('names functions of the scripts that exist', () => {
    const actions = execFileSync(process.execPath, ['model/run.mjs', '--actions'], { encoding: 'utf8' });
    const names = actions.trim().split('\n');
    expect(names.length).toBeGreaterThan(30);
    const missing = names.filter((line) => {
      const [, script, name] = /: (\S+\.sh)(?: (\S+))?$/.exec(line) ?? [];
      return script !== undefined && !defines(script, name);
    });
    expect(missing).toEqual([]);
  });
});

function defines(script: string, name: string | undefined): boolean {
  const file = readdirSync('src/scripts')
    .map((folder) => `src/scripts/${folder}/${script}`)
    .find((path) => existsSync(path));
  return file !== undefined && (name === undefined || readFileSync(file, 'utf8').includes(`\n${name}() {`));
}
