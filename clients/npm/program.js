'use strict';

/** The path of the program: the one that PAYPORTER_MOCK names, else the one of the package for this platform. */
exports.program = () => {
  if (process.env.PAYPORTER_MOCK) return process.env.PAYPORTER_MOCK;
  const name = `@payporter-mock/${process.platform}-${process.arch}`;
  const file = process.platform === 'win32' ? 'payporter-mock.exe' : 'payporter-mock';
  try {
    return require.resolve(`${name}/bin/${file}`);
  } catch {
    throw new Error(`the program is not installed: install ${name}, which npm leaves out with --omit=optional, ` +
      'or say in PAYPORTER_MOCK where the program is');
  }
};
