import assert from 'node:assert/strict';
import test from 'node:test';
import { OUTPUT_LIMIT, OutputCollector } from './outputs';
import type { Content } from './wire';

/** Hands messages, written as [type, content], to a collector. */
function send(collector: OutputCollector, ...messages: [string, Content][]): void {
  for (const [type, content] of messages) collector.add({ type, content, id: '', parentId: '' });
}
const text = (name: string, value: string): [string, Content] => ['stream', { name, text: value }];
const shown = (value: string, id?: string): [string, Content] => [
  'display_data',
  { data: { 'text/plain': value }, metadata: {}, transient: { display_id: id } },
];
const updated = (value: string, id: string): [string, Content] => [
  'update_display_data',
  shown(value, id)[1],
];
const plain = (value: string) => ({
  output_type: 'display_data',
  data: { 'text/plain': value },
  metadata: {},
});

test('pieces of one stream are joined until something else comes between', () => {
  const collector = new OutputCollector();
  const outputs = collector.startCell();
  send(collector, text('stdout', 'a'), text('stdout', 'b\n'), text('stderr', 'c'), text('stdout', 'd'));
  assert.deepEqual(outputs, [
    { output_type: 'stream', name: 'stdout', text: 'ab\n' },
    { output_type: 'stream', name: 'stderr', text: 'c' },
    { output_type: 'stream', name: 'stdout', text: 'd' },
  ]);
});

test('an update changes every output of that display id, in earlier cells too, and stores no id', () => {
  const collector = new OutputCollector();
  const first = collector.startCell();
  send(collector, shown('0%', 'bar'), shown('other', 'x'), shown('none'));
  const second = collector.startCell();
  send(collector, shown('0%', 'bar'), updated('100%', 'bar'), updated('nobody', 'unknown'));
  assert.deepEqual(first, [plain('100%'), plain('other'), plain('none')]);
  assert.deepEqual(second, [plain('100%')]);
});

test('clear_output clears at once, or with `wait` when the next output comes', () => {
  const collector = new OutputCollector();
  const outputs = collector.startCell();
  send(collector, shown('a'), ['clear_output', { wait: true }]);
  assert.deepEqual(outputs, [plain('a')]);
  send(collector, shown('b'));
  assert.deepEqual(outputs, [plain('b')]);
  send(collector, ['clear_output', { wait: false }]);
  assert.deepEqual(outputs, []);
});

test('a cell that shows more than the limit is refused, the limit counts anew in every cell', () => {
  const collector = new OutputCollector();
  const half = text('stdout', 'x'.repeat(OUTPUT_LIMIT / 2));
  for (let cell = 0; cell < 3; cell++) {
    collector.startCell();
    send(collector, half, half);
  }
  assert.throws(
    () => send(collector, text('stdout', '!')),
    /^RangeError: A cell must not show more than 8 MB/,
  );
});
