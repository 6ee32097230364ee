/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // Minutes of faults: `npm run test:faults` runs these, too.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/faults/slow/'],
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json', diagnostics: false }] },
  // The client names its modules as browsers load them.
  moduleNameMapper: { '^(\\.{1,2}/.+)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  testTimeout: 20_000,
  // Most tests wait for something most of the time; by default jest leaves a core to nobody.
  maxWorkers: '100%',
};
