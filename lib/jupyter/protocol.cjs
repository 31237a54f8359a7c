// @ts-check
/**
 * Jupyter's messaging protocol, version 5.3, in place of tslab's server, which leaves out or mistakes much of it:
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html
 * Cells run one after the other, each between its own busy and idle; every other request is answered at once.
 */
'use strict';
const { createHmac, randomUUID, timingSafeEqual } = require('node:crypto');
const fs = require('node:fs');
const { setTimeout: sleep } = require('node:timers/promises');
const util = require('node:util');
const tslab = require('tslab/dist/jupyter.js');
const { bundleOf, describeError } = require('./values.cjs');

const VERSION = '5.3';
const DELIMITER = '<IDS|MSG>';
/** While a cell computes, requests wait in the socket: so long after its error they are read before any is cancelled. */
const READ_MS = 20;
/** How long the last replies have to leave before the process ends. */
const FAREWELL_MS = 100;
/** Nothing waits for a slow reader: every message is sent, none is refused. */
const SEND_ALL = { sendTimeout: 0, sendHighWaterMark: 0 };

/** @typedef {{ identities: Buffer[], header: any, content: any }} Request */
/** @typedef {import('./cells.cjs').Executor} Executor */

/** The kernel's answers, apart from how they are sent. tslab knows how to inspect and complete. */
class Handler extends tslab.JupyterHandlerImpl {
  /** @param {Executor} executor @param {boolean} isJs */
  constructor(executor, isJs) {
    super(executor, isJs);
    this.executor = executor;
    /** @type {[session: number, line: number, code: string][]} */
    this.history = [];
    this.count = 0;
  }

  kernelInfo() {
    const info = this.handleKernel();
    const { version } = require('@tslab/typescript-for-tslab');
    return {
      status: 'ok',
      ...info,
      implementation_version: require('tslab/package.json').version,
      language_info: { ...info.language_info, version },
      banner: `TypeScript ${version} on Node ${process.versions.node}`,
      help_links: [{ text: 'TypeScript', url: 'https://www.typescriptlang.org/docs/' }],
    };
  }

  /** A cell is complete, goes on in the next line, or has a mistake that no further line can mend. */
  isComplete({ code }) {
    const ts = require('@tslab/typescript-for-tslab');
    // As a module, where `await` may stand outside a function.
    const { parseDiagnostics: faults } = ts.createSourceFile(
      'cell.ts',
      `export {};\n${code}`,
      ts.ScriptTarget.Latest,
    );
    if (faults.length === 0) return { status: 'complete' };
    const isOpen = faults.some(({ messageText }) => /^Unterminated template/.test(messageText));
    if (isOpen) return { status: 'incomplete', indent: '' };
    const answer = this.handleIsComplete({ code });
    return answer.status === 'incomplete' ? answer : { status: 'invalid' };
  }

  /** The cells that ran: the last ones, those of a range of numbers, or those that match a pattern with `*` and `?`. */
  historyOf({ hist_access_type: kind, n, output, session, start = 0, stop, pattern = '*', unique }) {
    let found = this.history;
    if (kind === 'range') {
      const isOurs = session === undefined || session <= 0 || session === 1;
      found = isOurs ? found.filter(([, line]) => line >= start && (stop == null || line < stop)) : [];
    }
    if (kind === 'search') {
      const parts = pattern
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.');
      found = found.filter(([, , code]) => new RegExp(`^${parts}$`, 's').test(code));
      if (unique) found = [...new Map(found.map((entry) => [entry[2], entry])).values()];
    }
    if (kind !== 'range' && n != null) found = n > 0 ? found.slice(-n) : [];
    return {
      status: 'ok',
      history: output ? found.map(([s, line, code]) => [s, line, [code, null]]) : found,
    };
  }
}

/** The kernel's five sockets. */
class Server {
  /** @param {Handler} handler @param {string} configPath the file that names the ports and the key */
  constructor(handler, configPath) {
    this.handler = handler;
    this.connection = JSON.parse(fs.readFileSync(configPath, 'utf8'));
    this.session = randomUUID();
    /** @type {{ socket: any, request: Request }[]} cells that wait for their turn */
    this.waiting = [];
    /** @type {Request | undefined} the cell that runs */
    this.running = undefined;
    this.log = console.error.bind(console);
  }

  async init() {
    const zmq = require('zeromq');
    const { transport, ip, iopub_port, shell_port, control_port, stdin_port, hb_port } = this.connection;
    this.iopub = new zmq.Publisher(SEND_ALL);
    const shell = new zmq.Router(SEND_ALL);
    const control = new zmq.Router(SEND_ALL);
    const stdin = new zmq.Router();
    const heartbeat = new zmq.Reply();
    this.sockets = [this.iopub, shell, control, stdin, heartbeat];
    const ports = [iopub_port, shell_port, control_port, stdin_port, hb_port];
    await Promise.all(this.sockets.map((socket, i) => socket.bind(`${transport}://${ip}:${ports[i]}`)));
    for (const socket of [shell, control]) this.receive(socket);
    for await (const frames of heartbeat) await heartbeat.send(frames);
  }

  async receive(socket) {
    for await (const frames of socket) {
      try {
        const request = this.decode(frames);
        if (request.header.msg_type === 'execute_request') this.enqueue(socket, request);
        else this.answer(socket, request);
      } catch (error) {
        this.log(error);
      }
    }
  }

  /** @returns {Request} */
  decode(frames) {
    const start = frames.findIndex((frame) => frame.toString() === DELIMITER);
    const [signature, ...parts] = frames.slice(start + 1);
    const wanted = Buffer.from(this.sign(parts.slice(0, 4)));
    if (start < 0 || parts.length < 4 || !isSame(signature, wanted)) {
      throw new Error('decode requires a message signed with the key of this kernel, got another');
    }
    const [header, , , content] = parts.slice(0, 4).map((part) => JSON.parse(part.toString()));
    return { identities: frames.slice(0, start), header, content };
  }

  sign(parts) {
    const hmac = createHmac('sha256', this.connection.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  }

  /** @param {Request} parent the request that this message belongs to */
  send(socket, type, content, parent) {
    const header = {
      msg_id: randomUUID(),
      msg_type: type,
      session: this.session,
      username: parent.header.username ?? 'kernel',
      date: new Date().toISOString(),
      version: VERSION,
    };
    const parts = [header, parent.header, {}, content].map((part) => JSON.stringify(part));
    const receivers = socket === this.iopub ? [] : parent.identities;
    Promise.resolve(socket.send([...receivers, DELIMITER, this.sign(parts), ...parts])).catch(this.log);
  }

  publish(type, content, parent) {
    this.send(this.iopub, type, content, parent);
  }

  status(state, parent) {
    this.publish('status', { execution_state: state }, parent);
  }

  /** Answers a request that runs no cell. */
  answer(socket, request) {
    const { msg_type: type } = request.header;
    this.status('busy', request);
    try {
      const reply = this.replyTo(type, request.content);
      if (reply) this.send(socket, type.replace(/request$/, 'reply'), reply, request);
      if (type === 'comm_open')
        this.publish('comm_close', { comm_id: request.content.comm_id, data: {} }, request);
    } finally {
      this.status('idle', request);
      // A reader's program that shows the last state goes on showing that a cell runs.
      if (this.running) this.status('busy', this.running);
    }
    if (type === 'interrupt_request') process.emit('SIGINT', 'SIGINT');
    if (type === 'shutdown_request') this.end();
  }

  /** The content of a reply, or undefined for a message that wants none. */
  replyTo(type, content) {
    const { handler } = this;
    try {
      switch (type) {
        case 'kernel_info_request':
          return handler.kernelInfo();
        case 'is_complete_request':
          return handler.isComplete(content);
        case 'inspect_request':
          return handler.handleInspect(content);
        case 'complete_request':
          return handler.handleComplete(content);
        case 'history_request':
          return handler.historyOf(content);
        case 'comm_info_request':
          return { status: 'ok', comms: {} };
        case 'interrupt_request':
          return { status: 'ok' };
        case 'shutdown_request':
          return { status: 'ok', restart: Boolean(content.restart) };
        default:
          if (!type.startsWith('comm_')) this.log(`The kernel does not know the message ${type}`);
          return undefined;
      }
    } catch (error) {
      return { status: 'error', ...describeError(error) };
    }
  }

  enqueue(socket, request) {
    this.waiting.push({ socket, request });
    if (!this.running) this.work();
  }

  /** Runs the cells that wait; after an error those that were sent before its reply are cancelled, if it says so. */
  async work() {
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      const { socket, request } = next;
      this.running = request;
      this.status('busy', request);
      const reply = await this.run(request);
      const isCancelling = reply.status === 'error' && request.content.stop_on_error !== false;
      if (isCancelling) await sleep(READ_MS);
      this.send(socket, 'execute_reply', reply, request);
      this.status('idle', request);
      if (isCancelling) for (const cell of this.waiting.splice(0)) this.cancel(cell);
    }
    this.running = undefined;
  }

  cancel({ socket, request }) {
    this.status('busy', request);
    this.send(socket, 'execute_reply', { status: 'aborted', execution_count: this.handler.count }, request);
    this.status('idle', request);
  }

  /** Runs one cell and returns the content of its reply. @param {Request} request */
  async run(request) {
    const { code, silent = false, store_history = !silent, user_expressions = {} } = request.content;
    const { handler } = this;
    const isStored = store_history && !silent;
    if (isStored) handler.history.push([1, ++handler.count, code]);
    const execution_count = handler.count;
    const publish = (type, content) => this.publish(type, content, request);
    if (!silent) publish('execute_input', { code, execution_count });
    this.redirectOutputs(publish);
    const { error, value } = await handler.executor.run(code);
    if (error) {
      publish('error', error);
      return { status: 'error', execution_count, ...error };
    }
    try {
      if (value != null && !silent) {
        publish('execute_result', { execution_count, data: await bundleOf(value), metadata: {} });
      }
    } catch (thrown) {
      const why = describeError(thrown);
      publish('error', why);
      return { status: 'error', execution_count, ...why };
    }
    return {
      status: 'ok',
      execution_count,
      payload: [],
      user_expressions: await this.evaluate(user_expressions),
    };
  }

  /** The values of further expressions after the cell, by name. */
  async evaluate(expressions) {
    const values = {};
    for (const [name, expression] of Object.entries(expressions)) {
      const { error, value } = await this.handler.executor.run(`(${expression})`);
      values[name] = error
        ? { status: 'error', ...error }
        : { status: 'ok', data: await bundleOf(value), metadata: {} };
    }
    return values;
  }

  /** From now on all that is written belongs to this cell, also after its end, as in Python. */
  redirectOutputs(publish) {
    for (const name of ['stdout', 'stderr']) {
      const decoder = new util.TextDecoder();
      process[name].write = (chunk, ...rest) => {
        const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
        if (text !== '') publish('stream', { name, text });
        const done = rest.at(-1);
        if (typeof done === 'function') process.nextTick(done);
        return true;
      };
    }
    tslab.lastWriteDisplayData = (bundle, isUpdate) =>
      publish(isUpdate ? 'update_display_data' : 'display_data', { metadata: {}, transient: {}, ...bundle });
    console.clear = () => publish('clear_output', { wait: false });
  }

  async end() {
    this.handler.close();
    await sleep(FAREWELL_MS);
    process.exit();
  }
}

const isSame = (a, b) => a?.length === b.length && timingSafeEqual(a, b);

/** tslab's own program, `main.js`, starts this server then. */
function speakProtocol() {
  Object.assign(tslab, { JupyterHandlerImpl: Handler, ZmqServer: Server });
}

module.exports = { speakProtocol };
