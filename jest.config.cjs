// Most tests run on both databases: jest runs a project for each. Files named `*.sqlite.test.ts` or
// `*.postgres.test.ts` are about what only that one has, and unit tests need neither.

const { availableParallelism } = require('node:os');

const ofBoth = {
  testEnvironment: 'node',
  // Minutes of faults: `npm run test:faults` runs these, too.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/faults/slow/'],
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json', diagnostics: false }] },
  // The client names its modules as browsers load them.
  moduleNameMapper: { '^(\\.{1,2}/.+)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist'],
};

const sqlite = {
  ...ofBoth,
  displayName: 'sqlite',
  testMatch: ['<rootDir>/test/**/!(*.postgres).test.ts'],
  globals: { testDatabase: 'sqlite' },
};

const postgres = {
  ...ofBoth,
  displayName: 'postgres',
  testMatch: ['<rootDir>/test/{integration,e2e,faults}/**/!(*.sqlite).test.ts'],
  globals: { testDatabase: 'postgres' },
  // One server for all of them, unless TEST_DATABASE_URL names one.
  globalSetup: '<rootDir>/test/support/postgres/start-shared-cluster.ts',
  globalTeardown: '<rootDir>/test/support/postgres/stop-shared-cluster.ts',
};

/** @type {import('jest').Config} */
module.exports = {
  projects: [sqlite, postgres],
  testTimeout: 20_000,
  // Most tests wait for something most of the time: by default jest leaves a core to nobody, and two of them on each are
  // too many for those that watch the clock.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
};
