#!/usr/bin/env -S node --max-semi-space-size=4 --heap-growing-percent=50
import { runCommandLine } from './cli/command-line';

void runCommandLine(process.argv.slice(2)).then((exitCode) => {
  if (exitCode !== null) process.exitCode = exitCode;
});
