import http from 'node:http';
import { performance } from 'node:perf_hooks';
import { API_KEY } from './servers.mjs';

/** A function that sends a request over one kept connection and gives the milliseconds until the answer is there. */
export function openTimedCalls(server) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const call = ({ method, path }) =>
    new Promise((resolve, reject) => {
      const startedAt = performance.now();
      const request = http.request(
        { host: '127.0.0.1', port: server.port, agent, method, path, headers: { 'X-API-Key': API_KEY } },
        (response) => {
          response.resume();
          response.on('error', reject);
          response.on('end', () => {
            if (response.statusCode === 200) resolve(performance.now() - startedAt);
            else reject(new Error(`${method} ${path} answered ${response.statusCode}`));
          });
        },
      );
      request.on('error', reject);
      request.end();
    });
  return { call, close: () => agent.destroy() };
}
