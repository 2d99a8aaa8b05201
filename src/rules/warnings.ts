import type { EtcdWarning } from '../props/warning';

/** What is legal, but risky. Codes that the props acknowledge are not told again. */
export class Warnings {
  private readonly found: string[] = [];

  public constructor(private readonly acknowledged: readonly string[]) {}

  public add(code: EtcdWarning, message: string): void {
    if (!this.acknowledged.includes(code)) this.found.push(`${message} [${code}; acknowledgeWarnings silences it]`);
  }

  public get messages(): readonly string[] {
    return this.found;
  }
}
