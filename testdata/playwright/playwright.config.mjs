// How the tests run the documented snippet: with the Chromium of this machine, as whoever runs them.
export default {
  testMatch: '*.spec.mjs',
  workers: 2,
  reporter: 'list',
  use: {
    launchOptions: {
      executablePath: process.env.CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
};
