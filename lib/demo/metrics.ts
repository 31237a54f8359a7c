import type { FastifyInstance } from 'fastify';

/** Upper ends of the histogram's buckets, in seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Seconds per route: how many answers took at most each bucket's end, how many in all, and how long in all. */
interface Durations {
  buckets: number[];
  count: number;
  sum: number;
}

/**
 * GET /metrics in Prometheus' text format (version 0.0.4): answers by route, method and status, their durations, and
 * the process. A client library would take longer to load than the server may take to start.
 */
export function addMetrics(app: FastifyInstance): void {
  const answers = new Map<string, number>();
  const durations = new Map<string, Durations>();
  app.addHook('onResponse', async (request, reply) => {
    // A route's name, never the address as it was asked for: strangers could fill the memory with those.
    const route = request.routeOptions.url ?? 'none';
    const key = `route="${route}",method="${request.method}",status="${reply.statusCode}"`;
    answers.set(key, (answers.get(key) ?? 0) + 1);
    const seconds = reply.elapsedTime / 1000;
    const of = durations.get(route) ?? { buckets: BUCKETS.map(() => 0), count: 0, sum: 0 };
    durations.set(route, of);
    BUCKETS.forEach((end, k) => {
      if (seconds <= end) of.buckets[k]++;
    });
    of.count++;
    of.sum += seconds;
  });
  app.get('/metrics', (_request, reply) => {
    const text = [...counterLines(answers), ...histogramLines(durations), ...processLines()].join('\n');
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(`${text}\n`);
  });
}

function counterLines(answers: Map<string, number>): string[] {
  return [
    '# HELP http_requests_total Answers that were sent.',
    '# TYPE http_requests_total counter',
    ...Array.from(answers, ([labels, count]) => `http_requests_total{${labels}} ${count}`),
  ];
}

function histogramLines(durations: Map<string, Durations>): string[] {
  const name = 'http_request_duration_seconds';
  const lines = Array.from(durations, ([route, { buckets, count, sum }]) => [
    ...buckets.map((value, k) => `${name}_bucket{route="${route}",le="${BUCKETS[k]}"} ${value}`),
    `${name}_bucket{route="${route}",le="+Inf"} ${count}`,
    `${name}_sum{route="${route}"} ${sum}`,
    `${name}_count{route="${route}"} ${count}`,
  ]);
  return [`# HELP ${name} Time from a request to its answer.`, `# TYPE ${name} histogram`, ...lines.flat()];
}

function processLines(): string[] {
  const { user, system } = process.cpuUsage();
  const values: [string, string, string, number][] = [
    ['process_resident_memory_bytes', 'gauge', 'Memory in use.', process.memoryUsage.rss()],
    ['process_cpu_seconds_total', 'counter', 'Time of the processor that was used.', (user + system) / 1e6],
    ['process_start_time_seconds', 'gauge', 'When the process began.', Date.now() / 1000 - process.uptime()],
  ];
  return values.flatMap(([name, type, help, value]) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    `${name} ${value}`,
  ]);
}
