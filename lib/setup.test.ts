import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

const file = (name: string) => readFileSync(join(__dirname, '..', name), 'utf8');

test("npm's scripts are words that every system's shell takes the same way", () => {
  const scripts = Object.entries<string>(JSON.parse(file('package.json')).scripts);
  assert.ok(scripts.length > 10);
  for (const [name, script] of scripts) {
    for (const command of script.split(' && ')) assert.match(command, /^[a-z]+( [\w./:-]+)*$/, name);
    // Set-up comes first, whatever is called.
    if (!name.startsWith('pre'))
      assert.match(JSON.parse(file('package.json')).scripts[`pre${name}`], /lib\/setup\.mjs/);
  }
});

test('line ends are the same in every checkout', () => {
  assert.match(file('.gitattributes'), /^\* text=auto eol=lf$/m);
  assert.equal(file('notebook.ipynb').includes('\r\n'), false);
});
