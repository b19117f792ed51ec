'use strict';

const { spawn } = require('node:child_process');
const { randomUUID } = require('node:crypto');
const { once } = require('node:events');
const { createInterface } = require('node:readline');
const { Merchant } = require('./merchant.js');
const { program } = require('./program.js');
const { SandboxVerbs } = require('./verbs.js');

/** A sandbox that runs somewhere. */
class Sandbox extends SandboxVerbs {
  #child;

  constructor(url, adminToken, child) {
    super(url, adminToken ? { Authorization: `Bearer ${adminToken}` } : {});
    this.#child = child;
  }

  merchant(apiKey = `test_${randomUUID()}`, apiSecret = 'test_secret') {
    return new Merchant(this.url, apiKey, apiSecret, this.headers);
  }

  async stop() {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ends = once(child, 'exit');
    child.kill();
    await ends;
  }
}

/** Options that are, or may contain, something secret. */
const secrets = ['adminToken', 'apiSecret', 'webhookSecret', 'webhookUrl', 'store', 'callbackProxy', 'otlpHeaders'];

const isGiven = (value) => value !== undefined && value !== null;
const flag = (option) => option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const variable = (option) => `PAYPORTER_MOCK_${flag(option).replaceAll('-', '_').toUpperCase()}`;

/** The flags of serve: { payer: 'auto', scenarios: ['a.yaml'] } is --payer=auto --scenarios=a.yaml. */
function flags(options) {
  return Object.entries(options).filter(([name]) => !secrets.includes(name)).flatMap(([name, value]) =>
    [value].flat().filter(isGiven).map((one) => `--${flag(name)}=${one}`));
}

/** What is secret goes where nobody else on the machine sees it, as the flags are seen: into the environment. */
function environment(options) {
  const given = secrets.filter((name) => name in options);
  return { ...process.env, ...Object.fromEntries(given.map((name) => [variable(name), `${options[name]}`])) };
}

async function start(options = {}) {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => isGiven(value)));
  const settings = { addr: '127.0.0.1:0', logLevel: 'error', ...given, logFormat: 'json' };
  const child = spawn(program(), ['serve', ...flags(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'], env: environment(settings),
  });
  const kill = () => child.kill();
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));

  const listens = once(createInterface({ input: child.stdout }), 'line');
  const ends = once(child, 'exit').then(([code]) => {
    throw new Error(`payporter-mock ended with ${code} before it listened; standard error says why`);
  });
  const { url, adminToken } = JSON.parse((await Promise.race([listens, ends]))[0]);

  const sandbox = connect(url, adminToken ?? given.adminToken ?? process.env.PAYPORTER_MOCK_ADMIN_TOKEN, child);
  try {
    await healthy(sandbox);
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
  return sandbox;
}

/** Waits at most ten seconds until the sandbox is ready. */
async function healthy(sandbox) {
  for (const deadline = Date.now() + 10_000; ;) {
    try {
      return await sandbox.health();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((done) => setTimeout(done, 50));
  }
}

const connect = (url, adminToken, child) => new Sandbox(url, adminToken === 'none' ? undefined : adminToken, child);

exports.Sandbox = Sandbox;
exports.start = start;
exports.connect = (url, { adminToken } = {}) => connect(url, adminToken);
