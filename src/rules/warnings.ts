import type { EtcdWarning } from '../props/warning';

/** Settings that are valid, but risky. Acknowledged codes are left out. */
export class Warnings {
  private readonly found: string[] = [];

  public constructor(private readonly acknowledged: readonly string[]) {}

  public add(code: EtcdWarning, message: string): void {
    if (!this.acknowledged.includes(code))
      this.found.push(`${message} [${code}: to acknowledge, add it to acknowledgeWarnings]`);
  }

  public get messages(): readonly string[] {
    return this.found;
  }
}
