/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // Minutes of faults: `npm run test:faults` runs these, too.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/faults/slow/'],
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json', diagnostics: false }] },
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  testTimeout: 20_000,
};
