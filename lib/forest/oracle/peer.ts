import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PYTHON } from '../testing/peers';

/** A Python that fits live scikit-learn, kept for many questions; answers come in the order of the questions. */
export class Peer {
  private readonly child: ChildProcess;
  private readonly waiting: { resolve: (answer: never) => void; reject: (error: Error) => void }[] = [];

  constructor() {
    this.child = spawn(PYTHON, [join(__dirname, 'peer.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.child.stdout! }).on('line', (line) => {
      // Python writes NaN and Infinity, which JSON has no words for.
      const json = line.replace(/\bNaN\b/g, 'null').replace(/\bInfinity\b/g, '1e999');
      this.waiting.shift()?.resolve(JSON.parse(json) as never);
    });
    const fail = (what: string) => {
      for (const { reject } of this.waiting.splice(0)) reject(new Error(`the oracle's Python ${what}`));
    };
    this.child.on('error', (error) => fail(error.message));
    this.child.on('exit', (code) => fail(`ended with exit code ${code}`));
  }

  /** Sends a request (see peer.py) and resolves to its answer. */
  ask<Answer>(request: object): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve: resolve as (answer: never) => void, reject });
      this.child.stdin!.write(`${JSON.stringify(request)}\n`);
    });
  }

  close(): void {
    this.child.stdin!.end();
  }
}
