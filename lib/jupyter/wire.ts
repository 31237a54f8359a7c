import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

/**
 * Jupyter's wire protocol, both directions: https://jupyter-client.readthedocs.io/en/stable/messaging.html
 * A message is a list of frames: [identities..., '<IDS|MSG>', signature, header, parent header, metadata, content].
 */
const DELIMITER = '<IDS|MSG>';

/** The content of a message of any type: only the fields that a client of tslab reads. */
export interface Content {
  /** stream */
  name?: string;
  text?: string;
  /** display_data, update_display_data, execute_result */
  data?: Record<string, unknown>;
  metadata?: Record<string, unknown>;
  transient?: { display_id?: string };
  /** clear_output */
  wait?: boolean;
  /** status */
  execution_state?: string;
  /** error, and the execute_reply of a cell that failed */
  ename?: string;
  evalue?: string;
  traceback?: string[];
  /** execute_reply */
  status?: string;
  execution_count?: number | null;
  /** kernel_info_reply */
  language_info?: Record<string, unknown>;
}

/** The parts of a message that a client needs. */
export interface Message {
  /** Such as `execute_request`, `stream`, `status`. */
  type: string;
  id: string;
  /** The id of the request that caused this message. */
  parentId: string;
  content: Content;
}

function sign(key: string, parts: readonly (string | Buffer)[]): string {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}

/** A new request and its frames. */
export function encode(
  key: string,
  session: string,
  type: string,
  content: object,
): { id: string; frames: string[] } {
  const id = randomUUID();
  const date = new Date().toISOString();
  const header = { msg_id: id, msg_type: type, session, username: 'runner', date, version: '5.3' };
  const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
  return { id, frames: [DELIMITER, sign(key, parts), ...parts] };
}

/** @throws Error when the frames are no message or not signed with the key */
export function decode(key: string, frames: readonly Buffer[]): Message {
  const start = frames.findIndex((frame) => frame.toString() === DELIMITER);
  const parts = frames.slice(start + 2);
  if (start < 0 || parts.length < 4)
    throw new Error(`decode requires a Jupyter message, got ${frames.length} frames`);
  const signature = Buffer.from(sign(key, parts));
  const got = frames[start + 1];
  if (got.length !== signature.length || !timingSafeEqual(got, signature)) {
    throw new Error('decode requires a message signed with the connection key, got another signature');
  }
  const [header, parent, , content] = parts.slice(0, 4).map((part) => JSON.parse(part.toString()));
  return { type: header.msg_type, id: header.msg_id, parentId: parent.msg_id ?? '', content };
}
