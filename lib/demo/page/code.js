// @ts-check
/** The same request from code. */
import { byId } from './dom.js';

const code = {
  curl: (/** @type {string} */ address, /** @type {object} */ body) =>
    `curl -d '${JSON.stringify(body).replaceAll("'", "'\\''")}' ${address}`,
  javascript: (/** @type {string} */ address, /** @type {object} */ body) =>
    `const response = await fetch('${address}', {\n  method: 'POST',\n  headers: { 'content-type': 'application/json' },\n` +
    `  body: JSON.stringify(${JSON.stringify(body, null, 2).replaceAll('\n', '\n  ')}),\n});\nconsole.log(await response.json());`,
  python: (/** @type {string} */ address, /** @type {object} */ body) =>
    `import json\nfrom urllib.request import Request, urlopen\n\ntrack = ${JSON.stringify(body, null, 4)
      .replace(/: true\b/g, ': True')
      .replace(/: false\b/g, ': False')}\n` +
    `request = Request("${address}", json.dumps(track).encode(), {"Content-Type": "application/json"})\nprint(json.load(urlopen(request)))`,
};
const names = { curl: 'curl', javascript: 'JavaScript', python: 'Python' };

/**
 * @param {string} address of the server; without a host it is one on the server that this page's notebook came from,
 * and none where the notebook was opened as a file
 * @param {() => object} track as it stands
 */
export function startCode(address, track) {
  if (!URL.canParse(address, document.baseURI)) return;
  const server = new URL(address, document.baseURI);
  if (!server.protocol.startsWith('http')) return;
  byId('code-card').hidden = false;
  byId('docs-link').href = new URL('docs', server).href;
  const predict = new URL('predict', server).href;
  for (const button of document.querySelectorAll('[data-code]')) {
    const kind = /** @type {keyof typeof code} */ (button.getAttribute('data-code'));
    button.addEventListener('click', async () => {
      const shown = byId('code');
      shown.value = code[kind](predict, track());
      shown.hidden = false;
      try {
        await navigator.clipboard.writeText(shown.value);
        byId('copied').textContent = `Copied as ${names[kind]}`;
      } catch {
        // Without the permission (an address that is not this machine's, some frames) it is selected instead.
        shown.select();
        byId('copied').textContent = 'Selected; copy it with Ctrl-C';
      }
    });
  }
}
