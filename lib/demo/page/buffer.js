/** Node's Buffer for the table reader, where there is no Node. */
export { Buffer } from 'buffer/';
