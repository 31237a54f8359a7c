/**
 * One thread of the forest engine. It is plain JavaScript that names nothing of Node or of a browser, so that a
 * worker of either runs it as it is, without a compiler. The main thread calls the same functions when it works
 * itself.
 */

/** Fields of a stored tree, and the arrays that hold them. */
const FIELDS = {
  feature: ['nodeFeatureAt', Int32Array],
  left: ['nodeLeftAt', Int32Array],
  right: ['nodeRightAt', Int32Array],
  nNodeSamples: ['nodeRowsAt', Int32Array],
  threshold: ['nodeThresholdAt', Float64Array],
  value: ['nodeValueAt', Float64Array],
  weightedNNodeSamples: ['nodeWeightAt', Float64Array],
  impurity: ['nodeImpurityAt', Float64Array],
};
/** The same for tables with missing values. */
const MISSING_FIELDS = { ...FIELDS, missingGoToLeft: ['nodeMissingAt', Uint8Array] };

const weights = new WeakMap();

/**
 * Makes a shared memory count for the garbage collector, which otherwise would not look for those that are free
 * again. What it counts is a buffer that is never touched, and so takes no memory of the machine's.
 */
function weigh(memory) {
  weights.set(memory, new ArrayBuffer(Math.min(memory.buffer.byteLength, 2 ** 28)));
}

/** The kernel over a memory, told the settings by name; thread -1 is only asked how much memory is needed. */
function openKernel(module, memory, settings, threads, thread) {
  const kernel = new WebAssembly.Instance(module, { env: { memory } }).exports;
  for (const [name, value] of Object.entries(settings)) kernel[name].value = value;
  const bytes = kernel.layOut(threads);
  if (thread >= 0) kernel.layOutScratch(thread);
  return { kernel, bytes };
}

/** A copy of the tree just grown, whose buffers are its own. */
function copyTree(kernel, memory) {
  const count = kernel.nodeCount.value;
  const valuesPerNode = Math.max(1, kernel.classCount.value);
  const fields = kernel.missing.value ? MISSING_FIELDS : FIELDS;
  const arrays = Object.entries(fields).map(([name, [at, Type]]) => {
    const length = name === 'value' ? count * valuesPerNode : count;
    return [name, new Type(memory.buffer, kernel[at].value >>> 0, length).slice()];
  });
  return { valuesPerNode, ...Object.fromEntries(arrays) };
}

// Threads seldom wait for each other and never for long, so a sleeper looks for itself when to go on.
let clock;
function sleep() {
  clock ??= new Int32Array(new SharedArrayBuffer(4));
  Atomics.wait(clock, 0, 0, 0.1);
}

/** This thread's part of a job; `post` sends a message with the buffers that go along. */
function work(module, { memory, settings, threads, thread }, post) {
  const { kernel } = openKernel(module, memory, settings, threads, thread);
  kernel.sortColumns();
  while (!kernel.areSorted()) sleep();
  for (let unit = kernel.nextUnit(); unit >= 0; unit = kernel.nextUnit()) {
    while (!kernel.grow(unit)) sleep();
    if (settings.storing) {
      const tree = copyTree(kernel, memory);
      const buffers = Object.values(tree).flatMap((field) => field.buffer ?? []);
      post({ unit, tree }, buffers);
    }
  }
}

/**
 * Adds trees to the sums of rows, chunk by chunk of them, until none is left to begin with.
 * @param counters chunks begun and done, which all threads share
 */
function addChunks(kernel, counters, { roots, trees, means, rows, blocks, features, sums, chunk }) {
  const next = () => Atomics.add(counters, 0, 1) * chunk;
  for (let from = next(); from < blocks; from = next()) {
    const some = Math.min(chunk, blocks - from);
    kernel.addTrees(roots, trees, means, rows + from * features * 32, some, features, sums + from * 64);
    Atomics.add(counters, 1, 1);
    Atomics.notify(counters, 1);
  }
}

/** A worker's whole life: its first message is the compiled kernel, and every later one is a job. */
function serve(listen, post) {
  let module;
  listen((message) => {
    if (module === undefined) {
      module = message;
      return;
    }
    weigh(message.memory);
    if (message.counters) {
      // The giver counts the chunks, so a message would only reach the next one to use this worker.
      const { exports } = new WebAssembly.Instance(module, { env: { memory: message.memory } });
      addChunks(exports, message.counters, message);
      return;
    }
    work(module, message, post);
    post('done', []);
  });
}

module.exports = { openKernel, copyTree, addChunks, weigh, serve };
