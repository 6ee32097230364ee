#!/usr/bin/env node
import { runCommandLine } from './cli/command-line';

void runCommandLine(process.argv.slice(2)).then((exitCode) => {
  if (exitCode !== null) process.exitCode = exitCode;
});
