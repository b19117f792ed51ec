#!/usr/bin/env node
'use strict';

// The program itself, for npx payporter-mock. Ctrl+C reaches it by the terminal, other signals are passed on.
const { spawn } = require('node:child_process');
const { program } = require('../program.js');

const child = spawn(program(), process.argv.slice(2), { stdio: 'inherit' });
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
process.on('SIGINT', () => {});
child.on('exit', (code) => { process.exitCode = code ?? 1; });
