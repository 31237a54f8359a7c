import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The address under which the reader's browser reaches a port of the kernel's machine, where a proxy stands between
 * them: GitHub Codespaces, code-server and other forwarders (`VSCODE_PROXY_URI`), and Jupyter's servers, which offer
 * the ports of their machine by jupyter-server-proxy. An address without a host is one on the notebook's own server.
 * @returns undefined where the environment tells of no proxy
 */
export function proxiedAddress(port: number, env: NodeJS.ProcessEnv): string | undefined {
  const { CODESPACE_NAME, GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN: domain = 'app.github.dev' } = env;
  if (CODESPACE_NAME) return `https://${CODESPACE_NAME}-${port}.${domain}/`;
  if (env.VSCODE_PROXY_URI) {
    return `${env.VSCODE_PROXY_URI.replaceAll('{{port}}', String(port)).replace(/\/+$/, '')}/`;
  }
  const base = env.JUPYTERHUB_SERVICE_PREFIX ?? jupyterBase(env);
  return base === undefined ? undefined : `${base.replace(/\/+$/, '')}/proxy/${port}/`;
}

/** The base address of the Jupyter server that started this kernel, where it is not the usual one. */
function jupyterBase(env: NodeJS.ProcessEnv): string | undefined {
  const server = env.JPY_PARENT_PID;
  if (!server) return undefined;
  const data =
    env.JUPYTER_DATA_DIR ?? join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'jupyter');
  const runtime = env.JUPYTER_RUNTIME_DIR ?? join(data, 'runtime');
  try {
    const { base_url } = JSON.parse(readFileSync(join(runtime, `jpserver-${server}.json`), 'utf8'));
    return typeof base_url === 'string' && base_url !== '/' ? base_url : undefined;
  } catch {
    return undefined;
  }
}
